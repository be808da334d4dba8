"""`xinmei score facts` and `score cohort`: exact fields, nothing printed on wrong use, no Django, quick."""

import io
import json
import subprocess
import sys

import pytest

from xinmei.__main__ import main

MOST_MODULES = 250  # 157 when this was written
UNIT = {"code": "U0", "cohort": "counties", "accounts": [{"id": "A0", "facts": {"typo": 5}}]}


@pytest.fixture
def run(monkeypatch, capsys):
    """One call with these objects on standard input: status, rows, standard error."""

    def call(kind, *given, options=(), as_json=True):
        text = "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in given)
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
        status = main(["score", kind, "-", *options, *(["--json"] if as_json else [])])
        out, told = capsys.readouterr()
        return status, [json.loads(line) for line in out.splitlines()] if as_json else out, told

    return call


def test_a_sheet_has_the_fields_of_the_contract(run):
    status, [row], _ = run("facts", {"id": "7", "facts": {"slow_update": 3}})
    assert status == 0
    assert row == {
        "id": "7",
        "account": None,
        "verdict": "pass",
        "score": "90.0",
        "lines": [
            {"indicator": "slow_update", "criterion": "slow_update", "count": 3, "points": "15.0", "findings": []}
        ],
        "indicators": [{"indicator": "slow_update", "points": "10.0", "worth": "10.0"}],
        "readings": {},
        "edition": "2021-06-20",
    }


def test_under_a_veto_the_score_is_null(run):
    _, [row], _ = run("facts", {"facts": {"silent_two_weeks": 1, "advert": 1}})
    assert (row["verdict"], row["score"], row["indicators"]) == ("fail", None, [])
    assert row["lines"][0]["points"] is None
    assert "id" not in row


def test_set_is_the_default_of_lines_without_one(run):
    _, rows, _ = run(
        "facts", {"facts": {"typo": 1}}, {"set": "inspection", "facts": {"advert": 1}}, options=["--set", "assessment"]
    )
    assert [(row["verdict"], row["score"]) for row in rows] == [("assessed", "98.0"), ("pass", "90.0")]
    assert rows[0]["readings"] == {"worth_is_cap": "caps", "bonus_praise": "highest"}


def test_a_file_holds_one_object_or_one_a_line(run, tmp_path, capsys):
    one, many = tmp_path / "one.json", tmp_path / "many.jsonl"
    one.write_text('\ufeff{\n  "facts": {"advert": 1}\n}\n', encoding="utf-8")
    many.write_text('{"facts": {}}\n\n{"facts": {"advert": 2}}', encoding="utf-8")
    for file, scores in ((one, ["90.0"]), (many, ["100.0", "90.0"])):
        assert main(["score", "facts", str(file), "--json"]) == 0
        assert [json.loads(line)["score"] for line in capsys.readouterr().out.splitlines()] == scores


def test_a_unit_has_the_fields_of_the_contract(run):
    status, [row], _ = run("cohort", {"id": "C", "units": [UNIT]})
    assert status == 0
    sheets = row.pop("accounts")
    assert [(sheet["account"], sheet["score"]) for sheet in sheets] == [("A0", "90.0")]
    assert set(row.pop("readings")) == set(sheets[0]["readings"])
    assert row == {
        "id": "C",
        "unit": "U0",
        "cohort": "counties",
        "verdict": "assessed",
        "mean": "90.00",
        "deducted": "0.0",
        "unit_points": "0.0",
        "final": "100.00",
        "rank": 1,
        "edition": "2021-06-20",
    }


def test_a_unit_without_accounts_or_cohort_is_a_line_of_nulls(run):
    _, rows, _ = run(
        "cohort",
        {
            "units": [
                {"code": "U1", "cohort": "counties", "accounts": []},
                {**UNIT, "cohort": None},
                {**UNIT, "code": "U2", "cohort": ""},
            ]
        },
    )
    assert [[row[name] for name in ("verdict", "mean", "final", "rank")] for row in rows] == [
        ["not_assessed", None, None, None]
    ] * 3


def test_accounts_outside_the_mean_have_no_sheet(run):
    _, [row], _ = run(
        "cohort",
        {"units": [{**UNIT, "accounts": [*UNIT["accounts"], {"id": "A1", "facts": {"typo": 1}, "in_mean": False}]}]},
    )
    assert [sheet["account"] for sheet in row["accounts"]] == ["A0"]


def test_readings_of_a_line_go_before_those_of_the_call(run):
    event = {**UNIT, "accounts": [{"id": "A0", "facts": {}, "events": [{"veto_found": 1, "slow_update": 1}]}]}
    _, rows, _ = run(
        "cohort",
        {"units": [event]},
        {"units": [event], "readings": {"same_event": "heaviest"}},
        options=["--reading", "same_event=cumulate"],
    )
    assert [row["mean"] for row in rows] == ["75.00", "80.00"]
    assert [row["readings"]["same_event"] for row in rows] == ["cumulate", "heaviest"]


@pytest.mark.parametrize(
    ("kind", "given", "sentence"),
    [
        ("facts", {"facts": {"typo": 1}}, "“typo”不认识；可用：grave_misstatement"),
        ("facts", {"facts": {"advert": -1}}, "应是0或正整数"),
        ("facts", {"facts": {"advert": 1.5}}, "应是0或正整数"),
        ("facts", {"set": "assessment", "facts": {"province_sample_failed": 1}}, "是单位的事实"),
        ("facts", {"id": "1"}, "facts应是对象"),
        ("facts", {"facts": {}, "note": 1}, "不认识“note”；可用：id、set、facts"),
        ("facts", {"set": "annex", "facts": {}}, "没有名为“annex”的指标"),
        ("facts", {"set": "wanzhi-2021", "facts": {}}, "不完整，不能计分"),
        ("facts", {"set": "duty", "facts": {"missing_source": 1}}, "本身不计分"),
        ("facts", {"set": 1, "facts": {}}, "set 应是"),
        ("facts", {"id": [], "facts": {}}, "id 应是文字"),
        ("facts", [1], "应是一个对象"),
        ("facts", "null", "应是一个对象"),
        ("facts", '{"facts": {"advert": 1', "不是正确的 JSON"),
        ("facts", '{"facts": {"advert": 1, "advert": 2}}', "同一个键写了两次"),
        ("facts", '{"facts": {"advert": NaN}}', "NaN 不是可用的数"),
        ("facts", '{"facts": {"advert": %s}}' % ("9" * 5000), "数字超过1000位"),
        ("facts", '{"id": "\\ud800", "facts": {}}', "代理字符"),
        ("facts", "[" * 100_000, "嵌套过深"),
        (
            "cohort",
            {"units": [{**UNIT, "facts": {"typo": 1}}]},
            "单位 U0 的 facts 中的“typo”不认识；可用：rules_missing",
        ),
        (
            "cohort",
            {"units": [{**UNIT, "accounts": [{"id": "A", "facts": {"rules_missing": 1}}]}]},
            "“rules_missing”不认识",
        ),
        ("cohort", {"units": [{**UNIT, "accounts": [{"id": "A", "facts": {"state_sample_failed": 2}}]}]}, "应是0或1"),
        (
            "cohort",
            {"units": [{**UNIT, "accounts": [{"id": "A", "facts": {}, "events": [{"problems": 1}]}]}]},
            "“problems”不认识",
        ),
        ("cohort", {"units": [{**UNIT, "accounts": [{"id": "A", "facts": {}, "events": {}}]}]}, "events 应是列表"),
        (
            "cohort",
            {"units": [{**UNIT, "accounts": [{"id": "A", "facts": {}, "in_mean": 1}]}]},
            "in_mean 应是 true 或 false",
        ),
        ("cohort", {"units": [{**UNIT, "accounts": [{"id": "A", "facts": {}, "days": -1}]}]}, "days 应是"),
        ("cohort", {"units": [UNIT], "readings": {"unit_mean": "by_days"}}, "缺少 days"),
        ("cohort", {"units": [{**UNIT, "cohort": "towns"}]}, "可用：counties、departments"),
        ("cohort", {"units": [{**UNIT, "cohort": ["counties"]}]}, "可用：counties、departments"),
        ("cohort", {"units": [UNIT, UNIT]}, "单位代码重复：U0"),
        ("cohort", {"units": [{**UNIT, "accounts": [UNIT["accounts"][0]] * 2}]}, "账号重复：A0"),
        ("cohort", {"units": [{"cohort": "counties"}]}, "code 应是文字"),
        ("cohort", {"units": [1]}, "units 应是对象的列表"),
        ("cohort", {"units": [UNIT], "readings": {"weather": "fine"}}, "没有名为“weather”的口径"),
        ("cohort", {"units": [UNIT], "readings": {"same_event": "sum"}}, "可用：heaviest"),
        ("cohort", {"units": [UNIT], "readings": []}, "readings 应是对象"),
        ("cohort", {"id": "C"}, "缺少 units"),
    ],
)
def test_wrong_use_has_status_2_a_reason_and_nothing_printed(run, kind, given, sentence):
    good = {"facts": {}} if kind == "facts" else {"units": [UNIT]}
    status, rows, told = run(kind, good, given)
    assert (status, rows) == (2, [])
    assert told.startswith("标准输入 第2行：")
    assert sentence in told


@pytest.mark.parametrize("kind", ["facts", "cohort"])
def test_an_empty_or_missing_file_is_wrong_use(run, tmp_path, capsys, kind):
    assert run(kind)[0] == 2
    for name, content in (("missing.json", None), ("latin.json", b"\xff\xfe"), ("empty.jsonl", b"\n\n")):
        if content is not None:
            (tmp_path / name).write_bytes(content)
        assert main(["score", kind, str(tmp_path / name)]) == 2
        assert capsys.readouterr().err.strip()
    assert main(["score", kind, str(tmp_path)]) == 2


def test_a_wrong_reading_word_is_wrong_use(run):
    assert run("cohort", {"units": [UNIT]}, options=["--reading", "same_event"])[0] == 2
    assert run("cohort", {"units": [UNIT]}, options=["--reading", "same_event=x"])[0] == 2


def test_a_person_reads_the_sheet_with_its_clauses(run):
    _, text, _ = run("facts", {"id": "某账号", "facts": {"slow_update": 3}}, as_json=False)
    assert "政务新媒体检查指标（宿政办发〔2021〕22号 附件1） · 某账号" in text
    assert "判定：合格　得分：90.0分" in text
    assert "每起扣5分，3×5＝15分" in text


def test_a_person_reads_how_the_final_score_came_about(run):
    failing = {**UNIT, "code": "U1", "accounts": [{"id": "A1", "facts": {"province_sample_failed": 1}}]}
    _, text, _ = run("cohort", {"units": [UNIT, failing]}, as_json=False)
    assert "县区、功能区　U1　已考核　第2名　最终得分55.56" in text
    assert "（100.0）÷1＝100.00，省抽查1个不合格－50＝50.00，÷同类最高90.00×100＝55.56" in text


def test_a_cold_start_loads_neither_django_nor_much_else(tmp_path):
    """So that it answers within half a second: what is loaded decides that, on whatever machine."""
    file = tmp_path / "one.json"
    file.write_text('{"facts": {"advert": 1}}')
    code = "import sys; from xinmei.__main__ import main; main(sys.argv[1:]); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", code, "score", "facts", str(file), "--json"], capture_output=True, check=True, text=True
    )
    loaded = done.stderr.split()
    assert "django" not in loaded
    assert len(loaded) < MOST_MODULES
