"""附件2 a second way, from the sentences, for all readings at once: both ways agree."""

from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.core.test_scoring_cohorts import PROVINCE, READINGS, STATE, account, score, unit
from xinmei.core.scoring import ScoredAccount, Unit

POINTS = {"veto_found": 20, "slow_update": 5, "late_reply": 5, "typo": 2, "irregularity": 5, "late_rectification": 5}


def count_operation(one, r):
    total = sum(POINTS[name] * one.facts.get(name, 0) for name in POINTS)
    for event in one.events:
        veto, weeks = 20 * event.facts.get("veto_found", 0), 5 * event.facts.get("slow_update", 0)
        total += max(veto, weeks) if r["same_event"] == "heaviest" else veto + weeks
        total += 5 if event.facts.get("late_rectification") else 0
    return total


def cap(value, limit, r):
    return min(value, limit) if r["worth_is_cap"] == "caps" else value


def score_by_hand(u, r):
    failing = [a for a in u.accounts if "province_sample_failed" in a.facts]
    if any("state_sample_failed" in a.facts for a in u.accounts) or len(failing) > 1:
        return None
    orders, fives = (
        10 * u.facts.get("order_not_carried_out", 0),
        5 * ("rules_missing" in u.facts) + 5 * ("byline_not_practised" in u.facts),
    )
    on_sheet = r["unit_criteria"] == "each_account"
    praise = [5] * u.facts.get("praise_own", 0) + [10] * u.facts.get("praise_superior", 0)
    praise_points = min(10, sum(praise)) if r["bonus_praise"] == "sum" else max(praise, default=0)
    scores = []
    for a in u.accounts:
        if not a.in_mean:
            continue
        total = cap(count_operation(a, r) + orders * on_sheet, 70, r) + cap(fives * on_sheet, 10, r)
        total += cap(Fraction(a.facts.get("originals_short", 0), 2), 20, r)
        if failing and (
            r["province_one_fails_50"] == "each_account"
            or (r["province_one_fails_50"] == "failing_account" and a in failing)
        ):
            total += 50
        value = max(0, 100 - total)
        if value > 70:
            problems = (
                a.facts["problems"]
                if r["bonus_problems"] == "account"
                else sum(b.facts["problems"] for b in u.accounts)
            )
            value += (10 if problems < 5 else 5 if problems < 10 else 0) + praise_points
        scores.append((value, a.days if r["unit_mean"] == "by_days" else 1))
    if not scores and r["no_accounts"] == "not_assessed":
        return ()
    scores = scores or [(100 if r["no_accounts"] == "full" else 0, 1)]
    mean = Fraction(sum(value * weight for value, weight in scores)) / sum(weight for _, weight in scores)
    if failing and r["province_one_fails_50"] == "unit_mean":
        mean -= 50
    return (max(Fraction(0), mean if on_sheet else mean - cap(orders, 70, r) - cap(fives, 10, r)),)


counts = st.fixed_dictionaries(
    {"problems": st.integers(0, 11)},
    optional={name: st.integers(0, 3) for name in POINTS} | {"originals_short": st.integers(0, 50)},
)
samples = st.sampled_from([{}, {}, {}, {}, {}, {}, {}, PROVINCE, PROVINCE, STATE])
events = st.lists(
    st.fixed_dictionaries(
        {},
        optional={"veto_found": st.just(1), "slow_update": st.integers(0, 6), "late_rectification": st.integers(0, 3)},
    ),
    max_size=2,
)
unit_facts = st.fixed_dictionaries(
    {},
    optional={
        name: st.just(1)
        for name in ("rules_missing", "byline_not_practised", "order_not_carried_out", "praise_own", "praise_superior")
    },
)
choices = st.fixed_dictionaries({name: st.sampled_from(sorted(allowed)) for name, allowed in READINGS.items()})


@st.composite
def units(draw):
    made = []
    for place in range(draw(st.integers(1, 5))):
        accounts = [
            account(
                f"A{place}{number}",
                draw(events),
                draw(st.booleans()) or draw(st.booleans()),
                draw(st.integers(7, 366)),
                **draw(counts),
                **draw(samples),
            )
            for number in range(draw(st.integers(0, 3)))
        ]
        made.append(
            unit(f"U{place}", *accounts, cohort=draw(st.sampled_from(["counties", "departments"])), **draw(unit_facts))
        )
    return made


@given(units(), choices)
def test_two_ways_of_computing_agree_under_all_readings(cohort, chosen):
    rows = score(*cohort, **chosen)
    for u, row in zip(cohort, rows, strict=True):
        by_hand = score_by_hand(u, chosen)
        assert row.verdict == {None: "fail", (): "not_assessed"}.get(by_hand, "assessed")
        assert row.points == (0 if by_hand is None else by_hand[0] if by_hand else None)
        assert row.final is None or 0 <= row.final <= 100
        assert all(0 <= sheet.score <= 120 for sheet in row.accounts)


@settings(max_examples=40)
@given(units(), choices, st.randoms(use_true_random=False))
def test_the_order_of_units_and_accounts_changes_no_score(cohort, chosen, random):
    rows = {row.unit: (row.verdict, row.points, row.final, row.rank) for row in score(*cohort, **chosen)}
    shuffled = [
        Unit(u.code, u.cohort, random.sample(u.accounts, len(u.accounts)), u.facts)
        for u in random.sample(cohort, len(cohort))
    ]
    assert {row.unit: (row.verdict, row.points, row.final, row.rank) for row in score(*shuffled, **chosen)} == rows


@settings(max_examples=40)
@given(units(), choices, st.sampled_from([*POINTS, "problems", "originals_short"]))
def test_a_fault_more_never_raises_the_points_of_its_unit(cohort, chosen, more):
    worse = []
    for u in cohort:
        accounts = [
            ScoredAccount(
                a.id, {**a.facts, more: a.facts.get(more, 0) + 1}, events=a.events, in_mean=a.in_mean, days=a.days
            )
            for a in u.accounts
        ]
        worse.append(Unit(u.code, u.cohort, accounts, u.facts))
    for before, after in zip(score(*cohort, **chosen), score(*worse, **chosen), strict=True):
        assert before.points is None or after.points <= before.points


@settings(max_examples=40)
@given(units(), choices)
def test_a_better_final_score_never_has_a_worse_rank(cohort, chosen):
    rows = [row for row in score(*cohort, **chosen) if row.rank is not None]
    for one in rows:
        for other in rows:
            if one.cohort == other.cohort and one.verdict == other.verdict:
                assert (one.final > other.final) == (one.rank < other.rank)
