"""The queue of suspicions: what one person decides next, how sure the machine is, and what was put off until a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from xinmei.core.calendar import load_calendar
from xinmei.pages.texts import say_dates
from xinmei.people.doors import day_of
from xinmei.people.events import Acting
from xinmei.screening.models import ScreeningHit
from xinmei.supervision.doors import findings_visible_to
from xinmei.supervision.evidence import read_hits
from xinmei.supervision.labels import Said, describe
from xinmei.supervision.models import Finding, PutOff
from xinmei.supervision.queries import of_the_same_rule, suspicions
from xinmei.supervision.showing import Piece, show

_GUESS = "model/"  # rules that guess: no phrase of a list was found, the words are unlikely
LONGEST_PUT_OFF = timedelta(days=90)
_HITS = ScreeningHit.objects.filter(post__code=OuterRef("subject"), category="typo", shelf="confident")
_IS_GUESS = (
    Q(criterion="typo", entered_by="")
    & Q(Exists(_HITS.filter(rule__startswith=_GUESS)))
    & ~Q(Exists(_HITS.exclude(rule__startswith=_GUESS)))
)


@dataclass(frozen=True)
class Sureness:
    """How sure the machine is, in words, and what became of its like before."""

    word: str
    colour: str
    why: str
    confirmed: int
    dismissed: int


@dataclass(frozen=True)
class Member:
    """One of those that a decision takes along, with the sentence that it is about."""

    said: Said
    sentence: list[Piece]

    @property
    def where(self) -> str:
        """Account, or the unit."""
        finding = self.said.finding
        return finding.account.name if finding.account else finding.unit.name


def waiting(acting: Acting, at: datetime) -> QuerySet[Finding]:
    """The suspicions that this person decides now: those put off are left out until their day."""
    put_off = PutOff.objects.filter(person=acting.person_id, until__gt=day_of(at))
    return suspicions(acting).exclude(pk__in=put_off.values("finding"))


def put_off_by(acting: Acting, at: datetime) -> int:
    """How many suspicions this person has put off."""
    put_off = PutOff.objects.filter(person=acting.person_id, until__gt=day_of(at))
    return suspicions(acting).filter(pk__in=put_off.values("finding")).count()


def guessed(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """Those that rest on nothing but a guess."""
    return rows.filter(_IS_GUESS)


def not_guessed(rows: QuerySet[Finding]) -> QuerySet[Finding]:
    """The rest: counted facts, and phrases of the lists."""
    return rows.exclude(_IS_GUESS)


def sureness(acting: Acting, finding: Finding) -> Sureness:
    """How sure the machine is of a suspicion, and how often a person agreed about its like."""
    rules = {str(hit["rule"]) for hit in read_hits(finding.evidence)[1]}
    if finding.entered_by:
        word, colour, why = "人工发现", "blue", "有人看到并录入，须由他人确认。"
    elif not rules:
        word, colour, why = "由数据得出", "blue", "按记录的时间和数字算出，见“为什么疑似”。"
    elif all(rule.startswith(_GUESS) for rule in rules):
        word, colour, why = "机器推断", "amber", "词库里没有这个错，只是这样写很少见：请看原句，可能是对的。"
    else:
        word, colour, why = "词库命中", "blue", "与词库里的写法相合，请看原句是不是那个意思。"
    like = findings_visible_to(acting).filter(set=finding.set, criterion=finding.criterion)
    counts = like.aggregate(
        confirmed=Count("pk", filter=~Q(confirmed_by="")),
        dismissed=Count("pk", filter=Q(confirmed_by="") & ~Q(dismissed_by="")),
    )
    return Sureness(word, colour, why, counts["confirmed"], counts["dismissed"])


def members(acting: Acting, finding: Finding, *, here: bool = False) -> list[Member]:
    """The others that a decision about this one takes along, a sentence each; `here`: of its own unit alone."""
    numbers = [pk for pk, unit in of_the_same_rule(acting, finding) if not here or unit == finding.unit_id]
    rows = findings_visible_to(acting).filter(pk__in=numbers).select_related("account", "unit", "evidence")
    return [Member(said, _sentence_of(said)) for said in describe(list(rows.order_by("id")))]


def _sentence_of(said: Said) -> list[Piece]:
    sentences = show(said.finding.evidence).sentences
    if sentences:
        return sentences[0]
    steps = said.finding.reasoning
    return [Piece(said.subject or (say_dates(str(steps[0])) if steps else said.title))]


def days_to_choose(at: datetime) -> list[tuple[str, date]]:
    """Days that are offered: the next working day, the one after, a week on."""
    calendar, day = load_calendar(), day_of(at)
    working = [one for one in (day + timedelta(days=n) for n in range(1, 31)) if calendar.is_working_day(one)]
    week_on = next(one for one in working if one >= day + timedelta(days=7))
    return [("下一个工作日", working[0]), ("再下一个工作日", working[1]), ("一周以后", week_on)]


def put_off(finding: Finding, until: date | None, *, by: Acting) -> None:
    """Not to be shown to this person before `until`; None shows it again at once."""
    if by.person_id is None:  # nobody's queue: a database without people
        return
    if until is None:
        PutOff.objects.filter(person=by.person_id, finding=finding).delete()
    else:
        PutOff.objects.update_or_create(person_id=by.person_id, finding=finding, defaults={"until": until})
