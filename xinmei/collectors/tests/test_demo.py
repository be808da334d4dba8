"""The made city is the same for everyone, plausible, and faulty only where its ledger says so."""

from __future__ import annotations

import csv
import json
from collections import Counter, defaultdict
from datetime import date, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from xinmei.collectors.demo import write_demo_bundle
from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.core.deadlines import announcement_earliest, registration_due, reply_due
from xinmei.core.rulebook import resolve_readings
from xinmei.core.sources import is_approved

MONDAY = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)
DEFAULTS = resolve_readings({})
WEEK = timedelta(days=7)
Row = dict[str, Any]


class City:
    """A written bundle, read back."""

    def __init__(self, folder: Path, summary: Row) -> None:
        self.folder, self.summary = folder, summary
        self.units = {row["code"]: row for row in self.table("units")}
        self.accounts = {row["id"]: row for row in self.table("accounts")}
        self.posts, self.messages, self.looks = self.lines("posts"), self.lines("messages"), self.lines("observations")

    def table(self, name: str) -> list[dict[str, str]]:
        with open(self.folder / f"{name}.csv", encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def lines(self, name: str) -> list[Row]:
        return [json.loads(line) for line in (self.folder / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]

    def planted(self, *kinds: str) -> set[tuple[str, str]]:
        """(account, or unit where the fault is a unit's, and subject) of these kinds."""
        return {
            (fault["account"] or fault["unit"], fault["subject"])
            for fault in self.summary["planted"]
            if fault["kind"] in kinds
        }

    def serving(self) -> list[str]:
        return [name for name, row in self.accounts.items() if not row["closed_on"]]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> City:
    """Four hundred accounts that publish little, so that the test is quick."""
    folder = tmp_path_factory.mktemp("city")
    return City(folder, write_demo_bundle(folder, until=MONDAY, posts_per_account_day=0.6))


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(SHANGHAI)


def digest(folder: Path) -> dict[str, str]:
    return {path.name: sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_seed_and_moment_give_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("one", 7), ("two", 7), ("other", 8)):
        write_demo_bundle(tmp_path / name, seed, until=MONDAY, accounts=60, posts_per_account_day=0.5)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")
    differ = {name for name, value in digest(tmp_path / "one").items() if value != digest(tmp_path / "other")[name]}
    assert differ == set(digest(tmp_path / "one")) - {"units.csv"}  # the city itself is always the same


def test_a_small_change_of_moment_keeps_the_city(tmp_path: Path) -> None:
    for name, until in (("one", MONDAY), ("two", MONDAY.astimezone(tz=None))):
        write_demo_bundle(tmp_path / name, until=until, accounts=60, posts_per_account_day=0.5)
    assert digest(tmp_path / "one") == digest(tmp_path / "two")


@pytest.mark.parametrize(
    "until",
    [
        datetime(2027, 1, 4, 9, tzinfo=SHANGHAI),
        datetime(2027, 2, 1, 9, tzinfo=SHANGHAI),
        datetime(2026, 5, 6, 17, 30, tzinfo=SHANGHAI),
    ],
)
def test_any_moment_of_the_year_will_do(tmp_path: Path, until: datetime) -> None:
    summary = write_demo_bundle(tmp_path, until=until, accounts=60, posts_per_account_day=0.5)
    assert until.date() - date.fromisoformat(summary["since"]) >= timedelta(days=365) or summary["since"].endswith(
        "-11-01"
    )
    assert {"slow_update", "unfiled"} <= {fault["kind"] for fault in summary["planted"]}


def test_a_moment_without_time_zone_or_a_tiny_city_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="时区"):
        write_demo_bundle(tmp_path, until=datetime(2026, 11, 23, 9))  # noqa: DTZ001
    with pytest.raises(ValueError, match="至少要有 40 个账号"):
        write_demo_bundle(tmp_path, until=MONDAY, accounts=39)


def test_it_is_a_city_of_the_size_that_was_asked_for(city: City) -> None:
    kinds = Counter(row["kind"] for row in city.units.values())
    assert kinds["city"] == 1
    assert kinds["county"] + kinds["zone"] == 5
    assert 90 <= len(city.units) <= 110
    assert len(city.accounts) == 400
    assert len({row["platform"] for row in city.accounts.values()}) == 10
    assert {row["vertical_system"] for row in city.units.values()} - {""} == {"D11", "D24"}
    assert city.summary["rows"]["posts"] == len(city.posts)
    assert city.summary["in_service"] == len(city.serving())


def test_every_reference_leads_somewhere_and_every_identity_is_single(city: City) -> None:
    assert all(row["parent"] in city.units or row["kind"] == "city" for row in city.units.values())
    assert all(row["unit"] in city.units for row in city.accounts.values())
    posts = {post["id"] for post in city.posts}
    assert len(posts) == len(city.posts)
    assert all(row["account"] in city.accounts for row in [*city.posts, *city.messages, *city.looks])
    assert all(message.get("post") is None or message["post"] in posts for message in city.messages)
    for rows in (
        [(m["id"],) for m in city.messages],
        [(o["account"], o["feed"], o["window_start"]) for o in city.looks],
    ):
        assert len(set(rows)) == len(rows)
    for name, key in (
        ("patrols", ("account", "day", "half")),
        ("people", ("login", "unit", "post", "from")),
        ("inspections", ("ordered_by", "period", "account")),
    ):
        identities = [tuple(row[column] for column in key) for row in city.table(name)]
        assert len(set(identities)) == len(identities)


def test_nothing_lies_after_the_inspection(city: City) -> None:
    for row in [*city.posts, *city.messages, *city.looks]:
        for key in ("published_at", "received_at", "window_end", "deleted_at"):
            assert moment(row.get(key) or "2026-01-01T00:00:00+08:00") <= MONDAY
    for message in city.messages:
        assert all(
            moment(message["received_at"]) <= moment(reply["replied_at"]) <= MONDAY for reply in message["replies"]
        )


def test_posts_lie_within_the_service_of_their_account(city: City) -> None:
    for post in city.posts:
        account = city.accounts[post["account"]]
        assert account["opened_on"] <= post["published_at"][:10] <= (account["closed_on"] or "9999")


def covered(looks: list[Row]) -> list[tuple[datetime, datetime]]:
    """Spans that complete looks cover, joined where they touch."""
    spans: list[tuple[datetime, datetime]] = []
    for start, end in sorted(
        (moment(look["window_start"]), moment(look["window_end"])) for look in looks if look["outcome"] == "complete"
    ):
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return spans


def test_weeks_without_update_or_original_are_those_of_the_ledger(city: City) -> None:
    updates: dict[str, list[datetime]] = defaultdict(list)
    originals: dict[str, list[datetime]] = defaultdict(list)
    looks: dict[str, list[Row]] = defaultdict(list)
    for post in city.posts:
        if post.get("deleted_at") and moment(post["deleted_at"]) - moment(post["published_at"]) <= timedelta(hours=24):
            continue
        updates[post["account"]].append(moment(post["published_at"]))
        if post.get("origin", "original") == "original":
            originals[post["account"]].append(moment(post["published_at"]))
    for look in city.looks:
        looks[look["account"]].append(look)
    empty, copied, silent = set(), set(), set()
    for name in city.serving():
        account, spans = city.accounts[name], covered(looks[name])
        start = datetime(2026, 1, 5, tzinfo=SHANGHAI)
        while start + WEEK <= MONDAY and account["kind"] != "service":
            seen = any(first <= start and start + WEEK <= last for first, last in spans)
            if seen and account["opened_on"] <= str(start.date()):
                year, week, _ = start.isocalendar()
                if not any(start <= at < start + WEEK for at in updates[name]):
                    empty.add((name, f"{year}-W{week:02}"))
                elif not any(start <= at < start + WEEK for at in originals[name]):
                    copied.add((name, f"{year}-W{week:02}"))
            start += WEEK
        edge = max((last for first, last in spans if MONDAY - timedelta(hours=24) < last), default=None)
        if (
            edge
            and updates[name]
            and max(updates[name]) < edge - 2 * WEEK
            and any(first <= edge - 2 * WEEK and edge <= last for first, last in spans)
        ):
            silent.add((name, f"{max(updates[name]).isoformat()}/{(max(updates[name]) + 2 * WEEK).isoformat()}"))
    assert empty == {(name, subject) for name, subject in city.planted("slow_update") if "W" in subject}
    assert copied == city.planted("no_original_this_week")
    assert silent == city.planted("silent_two_weeks")
    assert len(silent) == 4


def test_the_blind_have_no_complete_look_in_the_last_week(city: City) -> None:
    seen = {
        look["account"]
        for look in city.looks
        if look["outcome"] == "complete" and moment(look["window_end"]) > MONDAY - WEEK
    }
    assert sorted(set(city.serving()) - seen) == city.summary["blind"]
    assert len(city.summary["blind"]) == 5
    assert all("reason" in look for look in city.looks if look["outcome"] != "complete")


def test_questions_are_answered_in_time_unless_the_ledger_says_so(city: City) -> None:
    late = set()
    for message in city.messages:
        counts = message.get("concrete_policy_question", message["kind"] == "enquiry")
        due = reply_due(moment(message["received_at"]), DEFAULTS).due_at
        answers = [moment(reply["replied_at"]) for reply in message["replies"] if not reply.get("automatic")]
        if counts and due < MONDAY and not any(at <= due for at in answers):
            late.add((message["account"], message["id"]))
    assert late == city.planted("late_reply")


def test_some_questions_wait_for_an_answer_that_is_not_yet_due(city: City) -> None:
    waiting = [
        m
        for m in city.messages
        if m["kind"] == "enquiry" and not m["replies"] and moment(m["received_at"]) > MONDAY - timedelta(hours=24)
    ]
    assert len(waiting) >= 10


def test_sources_and_bylines_are_complete_unless_the_ledger_says_so(city: City) -> None:
    unsigned, unsourced, unlisted = set(), set(), set()
    ours = frozenset(row["name"] for row in city.units.values())
    for post in city.posts:
        if "origin" not in post or post.get("deleted_at"):
            continue
        key, in_text = (post["account"], post["id"]), "审核人：" in post["text"]
        owed = ("drafter", "reviewer", "signatory") if post["origin"] == "original" else ("proofreader", "reviewer")
        if not in_text and not all(post["byline"].get(role) for role in owed):
            unsigned.add(key)
        if post["origin"] == "repost" and not post.get("source") and "来源：" not in post["text"]:
            unsourced.add(key)
        if (
            post["origin"] == "repost"
            and post.get("source")
            and not is_approved(post["source"], ours, date.fromisoformat(post["published_at"][:10]))
        ):
            unlisted.add(key)
    assert unsigned == city.planted("missing_byline")
    assert unsourced == city.planted("missing_source")
    assert unlisted == city.planted("unlisted_source")


def test_registers_are_in_order_unless_the_ledger_says_so(city: City) -> None:
    late, short, unfiled, doubled = set(), set(), set(), set()
    seen: Counter[tuple[str, str, str]] = Counter()
    for name, row in city.accounts.items():
        filed = [row[column] for column in ("filed_city_on", "filed_national_on", "filed_provincial_on")]
        if row["closed_on"]:
            if row["closed_on"] < str(
                announcement_earliest(moment(row["announced_on"] + "T00:00:00+08:00"), DEFAULTS).due_at.date()
            ):
                short.add((name, name))
            continue
        if row["status"] == "unfiled" or not any(filed):
            unfiled.add((name, name))
        elif filed[0] >= "2026-01-01":
            due = str(
                (registration_due(moment(filed[0] + "T00:00:00+08:00"), DEFAULTS).due_at - timedelta(days=1)).date()
            )
            late |= {(name, name)} if not filed[1] or not filed[2] or max(filed[1:]) > due else set()
        seen[row["unit"], row["platform"], row["kind"]] += 1
    for (unit, platform, _), count in seen.items():
        if count > 1:
            doubled.add((unit, platform))
    assert late == city.planted("late_registration")
    assert short == city.planted("announcement_too_short")
    assert unfiled == city.planted("unfiled")
    assert doubled == city.planted("two_accounts_one_platform")


def test_verifications_name_the_host_unless_the_ledger_says_so(city: City) -> None:
    profiles = {look["account"]: look["profile"]["verification"] for look in city.looks if "profile" in look}
    unnamed = set()
    for name in city.serving():
        unit = city.units[city.accounts[name]["unit"]]
        verification = profiles.get(name, city.accounts[name]["verification"] or unit["name"])
        if not any(known in verification for known in [unit["name"], *filter(None, unit["short_names"].split(";"))]):
            unnamed.add((name, name))
    assert unnamed == city.planted("host_not_in_verification")


def test_patrols_miss_only_what_the_ledger_says(city: City) -> None:
    first: dict[str, str] = {}
    walked = set()
    for row in city.table("patrols"):
        first.setdefault(row["account"], row["day"])
        walked.add((row["account"], row["day"], row["half"]))
    calendar, missed = load_calendar(), set()
    for name, begin in first.items():
        day = date.fromisoformat(begin)
        while day < MONDAY.date():
            if calendar.is_working_day(day):
                missed |= {(name, f"{day} {half}") for half in ("am", "pm") if (name, str(day), half) not in walked}
            day += timedelta(days=1)
    assert missed == city.planted("missed_patrol")
    assert 110 <= len(first) <= 160  # a third of the accounts


def test_functions_that_fail_unannounced_are_those_of_the_ledger(city: City) -> None:
    checks = city.lines("functions")
    dead = {
        (check["account"], check["name"])
        for check in checks
        if not check["works"] and not check.get("announced_outage")
    }
    assert dead == city.planted("dead_function")
    assert {(check["account"], check["name"]) for check in checks if check.get("asks_for")} == city.planted(
        "over_collection"
    )


def test_faults_have_the_rates_of_the_field(city: City) -> None:
    """Published counts for 650 accounts: late or silent 86, wrong words 56, register faults 53, no interaction 14."""
    kinds = Counter(fault["kind"] for fault in city.summary["planted"])
    share = 400 / 650
    register = (
        "unfiled",
        "late_registration",
        "host_not_in_verification",
        "two_accounts_one_platform",
        "opened_irregularly",
        "inconsistent_name",
        "misnamed",
    )
    assert sum(kinds[kind] for kind in ("slow_update", "silent_two_weeks", "late_reply")) == pytest.approx(
        86 * share, rel=0.2
    )
    assert kinds["typo"] + kinds["grave_misstatement"] == pytest.approx(56 * share, rel=0.2)
    assert sum(kinds[kind] for kind in (*register, "announcement_too_short")) == pytest.approx(53 * share, rel=0.2)
    assert kinds["no_interaction"] == pytest.approx(14 * share, rel=0.2)


def test_there_is_a_person_for_every_post_and_the_administrators_are_nothing_else(city: City) -> None:
    held: dict[str, set[str]] = defaultdict(set)
    for row in city.table("people"):
        held[row["login"]].add(row["post"])
        assert row["unit"] in city.units
    everything = {
        "editor",
        "section_head",
        "leader",
        "unit_admin",
        "supervisor",
        "inspector",
        "inspector_head",
        "observer",
    }
    administrators = {"system_admin", "security_admin", "audit_admin"}
    assert set().union(*held.values()) == everything | administrators
    assert all(posts == posts & administrators and len(posts) == 1 for posts in held.values() if posts & administrators)
    assert {"city.inspector", "city.head", "wangxi.supervisor", "jiaotong.editor", "jiaotong.leader"} <= set(held)


def test_higher_tiers_passed_all_accounts_but_one(city: City) -> None:
    assert Counter(row["result"] for row in city.table("inspections"))["fail"] == 1


def test_planted_subjects_exist(city: City) -> None:
    known = {row["id"] for row in [*city.posts, *city.messages]} | set(city.accounts)
    for fault in city.summary["planted"]:
        if fault["kind"] in (
            "typo",
            "grave_misstatement",
            "advert",
            "improper_content",
            "privacy_leak",
            "unmoderated_comment",
            "late_reply",
            "misnamed",
        ):
            assert fault["subject"] in known
        assert fault["unit"] in city.units
        assert fault["account"] is None or fault["account"] in city.accounts
