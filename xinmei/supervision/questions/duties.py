"""What waits of test questions, for the inspectors alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db.models import Case, CharField, Exists, OuterRef, Q, QuerySet, Value, When
from django.urls import reverse

from xinmei.pages.duties import Duty
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.supervision.questions.models import Asking, Rating
from xinmei.supervision.questions.queries import RIGHT, askings_visible_to

State = Asking.State
WAITS = (
    ("planned", "模拟提问：待提问 {} 条", "在平台上提问，再回来登记", "去提问"),
    ("due", "模拟提问：到期看答复 {} 条", "期限到了，看有没有答复", "去看"),
    ("torate", "模拟提问：等您评分 {} 条", "两人各自打分，互相看不见", "去评分"),
    ("judged", "模拟提问：等结论 {} 条", "提出疑似问题，或结束", "去处理"),
)


def waiting(word: str, acting: Acting, now: datetime) -> Q:
    """The questions that wait so for this person."""
    mine = Rating.objects.filter(asking=OuterRef("pk"), by=acting.login)
    return {
        "planned": Q(state=State.PLANNED),
        "due": Q(state=State.ASKED, reply_due_at__lte=now),
        "torate": Q(state=State.ANSWERED) & ~Q(Exists(mine)),
        "judged": Q(state=State.JUDGED),
    }[word]


def words_waiting(acting: Acting, now: datetime) -> QuerySet[Asking, tuple[str]]:
    """The questions that wait for this person, each by its word alone, to be asked together with other rows."""
    word = Case(*[When(waiting(word, acting, now), then=Value(word)) for word, *_ in WAITS], output_field=CharField())
    rows = askings_visible_to(acting) if acting.judged and may(acting, RIGHT) else Asking.objects.none()
    return rows.order_by().annotate(word=word).filter(word__isnull=False).values_list("word")


def questions_to_handle(words: Sequence[str]) -> list[Duty]:
    """Of the words of all that waits."""
    listed, counts = reverse("askings"), Counter(words)
    return [
        Duty(title.format(counts[word]), about, f"{listed}?waiting={word}", button, count=counts[word], order=70)
        for word, title, about, button in WAITS
        if counts[word]
    ]
