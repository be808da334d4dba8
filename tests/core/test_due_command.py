"""`xinmei due` as scripts and other systems use it."""

import io
import json
import os
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from xinmei.__main__ import main

CODE = (
    "import sys; from xinmei.__main__ import main; status = main(sys.argv[1:]); sys.exit('django imported' if "
    "'django' in sys.modules else status)"
)


def ask(capsys, *words):
    """Status, standard output and standard error of one call."""
    try:
        status = main(["due", *words])
    except SystemExit as end:
        status = end.code
    return status, *capsys.readouterr()


def ask_lines(capsys, monkeypatch, *lines, words=()):
    """As `ask`, for lines on standard input (objects, or bytes as they are)."""
    given = b"\n".join(line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    return ask(capsys, "--jsonl", *words)


def test_one_deadline_as_json_has_exactly_the_promised_fields(capsys):
    status, out, err = ask(capsys, "rectify", "--from", "2026-02-13T10:00:00", "--json")
    row = json.loads(out)
    assert (status, err, out.count("\n")) == (0, "", 1)
    assert list(row) == ["due_at", "provisional", "steps", "readings"]
    assert (row["due_at"], row["provisional"]) == ("2026-02-15T00:00:00+08:00", False)
    assert "2026年2月14日 周六 调休上班：第1个工作日" in row["steps"]


def test_a_person_reads_the_moment_the_steps_and_the_readings(capsys):
    status, out, _ = ask(capsys, "reply", "--from", "2026-02-15T10:00:00+08:00")
    assert status == 0
    assert out.startswith("答复政策咨询留言：2026-02-17 周二 10:00:00\n  1. 留言到达：2026年2月15日 周日 10:00\n")
    assert "口径 reply_holiday_48h=arrival" in out


def test_24_hours_is_printed_as_0_of_the_next_day_with_the_offset_of_shanghai(capsys):
    assert (
        json.loads(ask(capsys, "register", "--from", "2026-01-05", "--json")[1])["due_at"]
        == "2026-01-09T00:00:00+08:00"
    )


def test_microseconds_are_kept(capsys):
    assert (
        json.loads(ask(capsys, "reply", "--from", "2026-01-05T10:00:00.000001Z", "--json")[1])["due_at"]
        == "2026-01-06T18:00:00.000001+08:00"
    )


def test_a_reading_is_followed_and_named(capsys):
    row = json.loads(
        ask(capsys, "reply", "--from", "2026-03-06T12:00", "--reading", "reply_holiday_48h=any_part", "--json")[1]
    )
    assert (row["due_at"], row["readings"]["reply_holiday_48h"]) == ("2026-03-08T12:00:00+08:00", "any_part")


def test_a_provisional_deadline_says_so(capsys):
    assert "（暂定）" in ask(capsys, "announcement", "--from", "2026-12-14")[1]
    assert json.loads(ask(capsys, "announcement", "--from", "2026-12-14", "--json")[1])["provisional"] is True


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["reply"], "起算时间"),
        (["--from", "2026-01-05"], "期限种类"),
        (["answer", "--from", "2026-01-05"], "可用：'reply'"),
        (["reply", "--from", "昨天"], "不是时间"),
        (["reply", "--from", "2026-02-29"], "不是时间"),
        (["reply", "--from", "2026-01-05", "--reading", "reply_holiday_48h"], "名称=取值"),
        (["reply", "--from", "2026-01-05", "--reading", "reply_holiday=any_part"], "没有名为“reply_holiday”的口径"),
        (["reply", "--from", "2026-01-05", "--reading", "holiday=never"], "不能取“never”"),
        (["reply", "--from", "9999-12-31T23:00"], "9999年"),
        (["reply", "--jsonl"], "--jsonl"),
    ],
)
def test_a_wrong_call_ends_with_status_2_and_a_chinese_reason(capsys, words, reason):
    status, out, err = ask(capsys, *words)
    assert (status, out) == (2, "")
    assert reason in err


def test_lines_are_answered_in_the_order_asked(capsys, monkeypatch):
    asked = [
        {"kind": "reply", "from": f"2026-01-{day:02}T09:00:00", "readings": {"reply_holiday_48h": "any_part"}}
        for day in (9, 5, 7)
    ]
    status, out, _ = ask_lines(
        capsys, monkeypatch, *asked, b"", {"kind": "rectify", "from": "2026-01-09T09:00:00+08:00"}
    )
    assert status == 0
    assert [json.loads(line)["due_at"][:10] for line in out.splitlines()] == [
        "2026-01-11",
        "2026-01-06",
        "2026-01-08",
        "2026-01-13",
    ]


def test_lines_may_begin_with_a_byte_order_mark_and_end_as_windows_ends_them(capsys, monkeypatch):
    status, out, _ = ask_lines(capsys, monkeypatch, b'\xef\xbb\xbf{"kind": "reply", "from": "2026-01-05"}\r', b"\r")
    assert (status, out.count("\n")) == (0, 1)


def test_a_reading_of_the_call_holds_for_lines_that_choose_none(capsys, monkeypatch):
    asked = [
        {"kind": "reply", "from": "2026-03-06T12:00"},
        {"kind": "reply", "from": "2026-03-06T12:00", "readings": {"reply_holiday_48h": "arrival"}},
    ]
    _, out, _ = ask_lines(capsys, monkeypatch, *asked, words=["--reading", "reply_holiday_48h=any_part"])
    assert [json.loads(line)["due_at"][:10] for line in out.splitlines()] == ["2026-03-08", "2026-03-07"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b"{", "不是 JSON"),
        (b"[" * 100_000, "不是 JSON"),
        (b'"\xff"', "不是 JSON"),
        (b"[1]", "应是一个对象"),
        (b'{"kind": "reply", "kind": "rectify", "from": "2026-01-05"}', "写了两次"),
        ({"from": "2026-01-05"}, "kind 写的是 null"),
        ({"kind": ["reply"], "from": "2026-01-05"}, "kind 写的是"),
        ({"kind": "reply"}, "from 写的是 null"),
        ({"kind": "reply", "from": 20260105}, "from 写的是 20260105"),
        ({"kind": "reply", "from": "2026-13-05"}, "不是时间"),
        ({"kind": "reply", "from": "9999-12-31T12:00:00Z"}, "9999年"),
        ({"kind": "reply", "from": "2026-01-05", "readings": ["holiday"]}, "readings 写的是"),
        ({"kind": "reply", "from": "2026-01-05", "readings": {"holiday": None}}, "readings 写的是"),
        ({"kind": "reply", "from": "2026-01-05", "readings": {"holiday": "x"}}, "不能取“x”"),
        ({"kind": "reply", "from": "2026-01-05", "reading": {}}, "不认识的键 reading"),
        (b'{"kind": "reply", "from": ' + b"9" * 5000 + b"}", "第2行"),
    ],
)
def test_a_bad_line_is_named_and_nothing_is_printed(capsys, monkeypatch, line, reason):
    status, out, err = ask_lines(capsys, monkeypatch, {"kind": "reply", "from": "2026-01-05"}, line)
    assert (status, out) == (2, "")
    assert "标准输入第2行" in err
    assert reason in err


def start(folder, *words, given=""):
    """A real process in another folder, with the clock in a foreign zone."""
    path = os.pathsep.join(filter(None, [os.getcwd(), os.environ.get("PYTHONPATH")]))
    environment = os.environ | {"TZ": "America/New_York", "PYTHONPATH": path}
    return subprocess.run(
        [sys.executable, "-c", CODE, "due", *words],
        cwd=folder,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_starts_without_django_within_half_a_second_whatever_the_zone_of_the_machine(tmp_path):
    begun = time.monotonic()
    done = start(tmp_path, "reply", "--from", "2026-03-08T02:30", "--json")  # an hour that New York does not have
    spent = time.monotonic() - begun
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["due_at"] == "2026-03-10T02:30:00+08:00"
    assert spent < 0.5
    assert list(tmp_path.iterdir()) == []


def test_text_that_is_no_unicode_is_refused_like_any_other(tmp_path):
    done = start(tmp_path, "--jsonl", given='{"kind": "reply", "from": "2026-01-05\\ud800"}')
    assert (done.returncode, done.stdout) == (2, "")
    assert "标准输入第1行" in done.stderr


def test_ten_thousand_lines_take_no_more_than_a_few_seconds(capsys, monkeypatch):
    asked = [
        {"kind": kind, "from": datetime.fromtimestamp(1_600_000_000 + 17_001 * n, UTC).isoformat()}
        for n, kind in enumerate(["reply", "register"] * 5000)
    ]
    begun = time.monotonic()
    status, out, _ = ask_lines(capsys, monkeypatch, *asked)
    assert (status, out.count("\n")) == (0, 10_000)
    assert time.monotonic() - begun < 3
