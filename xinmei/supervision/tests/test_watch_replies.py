"""§五 「在24小时内进行答复，节假日不得晚于48小时」; the two daily looks; by hand."""

from __future__ import annotations

from datetime import date

from xinmei.supervision.tests.facts_cast import at, look_daily, make_facts, window
from xinmei.supervision.watches.facts import AccountFacts, Answer, Question
from xinmei.supervision.watches.replies import watch_patrols, watch_replies

# A Tuesday that is worked: the term is Wednesday 10:00.
ARRIVED, TERM = "2025-03-11T10:00:00", "2025-03-12T10:00:00"


def asked(*answers: tuple[str, bool], looked: tuple[str, str] | None = None, arrived: str = ARRIVED) -> AccountFacts:
    facts = make_facts()
    facts.questions.append(
        Question("M1", at(arrived), tuple(Answer(at(moment), automatic) for moment, automatic in answers))
    )
    return look_daily(facts, *looked) if looked else facts


def late(facts: AccountFacts, moment: str = "2025-03-17T09:00", **readings: str) -> list[str]:
    return [fault.subject for fault in watch_replies(facts, window(moment, **readings))]


def test_a_reply_at_exactly_24_hours_is_in_time_and_one_second_later_is_late() -> None:
    assert late(asked((TERM, False))) == []
    assert late(asked(("2025-03-12T10:00:01", False))) == ["M1"]


def test_an_automatic_reply_stops_no_clock_unless_the_office_reads_so() -> None:
    replies = asked(("2025-03-11T10:00:05", True), ("2025-03-13T10:00", False))
    assert late(replies) == ["M1"]
    assert late(replies, reply_counts="any") == []


def test_an_unanswered_message_is_late_once_a_complete_look_ended_at_or_after_the_term() -> None:
    assert late(asked()) == []
    assert late(asked(looked=("2025-03-10", "2025-03-12"))) == []  # the last look ended on Wednesday 9:00
    assert late(asked(looked=("2025-03-10", "2025-03-13"))) == ["M1"]


def test_before_the_term_nobody_is_late() -> None:
    assert late(asked(looked=("2025-03-10", "2025-03-17")), "2025-03-12T09:59") == []


def test_a_message_of_a_holiday_has_48_hours() -> None:
    saturday = "2025-03-15T10:00:00"
    assert late(asked(("2025-03-17T10:00:00", False), arrived=saturday), "2025-03-24T09:00") == []
    assert late(asked(("2025-03-17T10:00:01", False), arrived=saturday), "2025-03-24T09:00") == ["M1"]


def test_a_late_reply_belongs_to_the_year_in_which_the_term_ends() -> None:
    facts = asked(("2026-01-05T10:00", False), arrived="2025-12-31T00:00:00")  # the term is 24:00 of 31 December
    (fault,) = watch_replies(facts, window("2026-01-12T09:00"))
    assert fault.fault_on == date(2025, 12, 31)


def test_a_missed_half_day_is_named_on_working_days_only_from_the_first_row_on() -> None:
    facts = make_facts()
    facts.patrols = {date(2026, 2, 12): {"am", "pm"}, date(2026, 2, 13): {"am"}, date(2026, 2, 14): {"pm"}}
    found = [fault.subject for fault in watch_patrols(facts, window("2026-02-24T09:00"))]
    # 14 February is a Saturday that is worked; 15 to 23 February is the Spring Festival
    assert found == ["2026-02-13 pm", "2026-02-14 am"]


def test_without_a_register_no_look_is_missed() -> None:
    assert not list(watch_patrols(make_facts(), window("2026-02-24T09:00")))
