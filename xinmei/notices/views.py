"""消息: what I was told; 未送达: what could not be delivered, and sending it again."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinmei.notices import actions, doors, queries
from xinmei.notices.models import Delivery, Notice
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.pages.news import News, cards_of
from xinmei.people.doors import may, sees
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door, signed_in

COLUMNS = (
    Column("title", "消息", lambda row: row.notice.title, "notices/cells/title.html", wide=True),
    Column("kind", "类别", lambda row: row.notice.get_kind_display(), sort="kind"),
    Column("at", "时间", lambda row: row.notice.at, sort="at"),
    Column("opened", "阅知", lambda row: row.opened_at, "notices/cells/opened.html"),
)


def _filters(request: Request) -> tuple[Filter, ...]:
    acting = request.acting
    return (
        Filter(
            "unread",
            "阅知",
            lambda rows, value: queries.unread(rows, acting, request.now),
            [("1", "未读")],
            chips=True,
        ),
        Filter("kind", "类别", lambda rows, value: rows.filter(kind=value), Notice.Kind.choices),
        Filter("q", "标题", lambda rows, value: rows.filter(title__icontains=value)),
    )


@signed_in
def listed(request: Request) -> HttpResponse:
    """The notices to the person in this position, the newest first."""
    acting = request.acting
    listing = Listing(
        request,
        doors.notices_visible_to(acting),
        title="消息",
        columns=COLUMNS,
        filters=_filters(request),
        order=("-at", "-pk"),
        decorate=lambda rows: queries.describe(rows, acting, request.now),
        empty="还没有消息。有问题反馈、提醒或督办时，会显示在这里。",
    )
    context = {
        "has_email": bool(settings.SMTP_HOST),
        "wants_email": queries.wants_email(acting),
        "unread": queries.count_unread(acting, request.now),
        "sees_deliveries": sees(acting, "people"),
    }
    return listing.respond("notices/list.html", context)


@door(get=doors.notice_for)
def notice(request: Request, found: Notice) -> HttpResponse:
    """One notice. Opening it is 阅知, and is noted."""
    actions.read([found], by=request.acting, at=request.now)
    things = [(str(kind), str(number)) for kind, number in found.things]
    cards = cards_of(request.acting, things, request.now) if things else []
    by_kind = {kind: [card for card in cards if card.kind == kind] for kind in dict.fromkeys(one.kind for one in cards)}
    news = [News("所涉事项", len(of_kind), "", of_kind) for of_kind in by_kind.values()]
    return render(request, "notices/notice.html", {"notice": found, "news": news, "now": request.now})


@signed_in(methods=("POST",))
def read_all(request: Request) -> HttpResponse:
    """Marks all as read."""
    acting = request.acting
    count = actions.read(
        queries.unread(doors.notices_visible_to(acting), acting, request.now), by=acting, at=request.now
    )
    messages.success(request, f"{count} 条已标为已读。", extra_tags="green")
    return redirect("notices")


@signed_in(methods=("POST",))
def choose_email(request: Request) -> HttpResponse:
    """Turns e-mail on or off for oneself."""
    wanted = request.POST.get("wanted") == "1"
    actions.choose_email(wanted, by=request.acting, at=request.now)
    messages.success(
        request, "以后消息也发到您的邮箱。" if wanted else "以后不再发邮件，消息只在这里显示。", extra_tags="green"
    )
    return redirect("notices")


def _say_recipient(one: Delivery) -> str:
    if one.person is None:
        return f"{one.notice.unit or '市检查'}工作群"
    return one.person.name


DELIVERY_COLUMNS = (
    Column("who", "收件人", _say_recipient, sort="person__name"),
    Column("unit", "单位", lambda one: one.notice.unit.name if one.notice.unit else "", sort="notice__unit__path"),
    Column("kind", "类别", lambda one: one.notice.get_kind_display(), sort="notice__kind"),
    Column("channel", "渠道", lambda one: one.get_channel_display(), sort="channel"),
    Column("state", "状态", lambda one: one.get_state_display(), "notices/cells/state.html", sort="state"),
    Column("why", "原因", lambda one: one.last_error, wide=True),
    Column("tries", "试过", lambda one: one.attempts, number=True, sort="attempts"),
    Column("at", "消息时间", lambda one: one.notice.at, sort="notice__at"),
)
MOST_NAMED = 12
AGAIN = Column("resend", "重发", lambda one: "", "notices/cells/resend.html")


def _by_name(rows: QuerySet[Delivery], value: str) -> QuerySet[Delivery]:
    return rows.filter(Q(person__name__icontains=value) | Q(notice__unit__name__icontains=value))


DELIVERY_FILTERS = (
    Filter("state", "状态", lambda rows, value: rows.filter(state=value), Delivery.State.choices, chips=True),
    Filter("channel", "渠道", lambda rows, value: rows.filter(channel=value), Delivery.Channel.choices),
    Filter("q", "收件人、单位", _by_name),
)


@door(see="people")
def undelivered(request: Request) -> HttpResponse:
    """未送达: deliveries to people in reach that wait or failed, and why; which channels are configured."""
    acting: Acting = request.acting
    rows = doors.deliveries_visible_to(acting)
    if not request.GET.get("state"):
        rows = rows.exclude(state__in=[Delivery.State.SENT, Delivery.State.DROPPED])
    can_resend = may(acting, "resend_notice")
    listing = Listing(
        request,
        rows.select_related("notice__unit", "person"),
        title="未送达",
        columns=(*DELIVERY_COLUMNS, AGAIN) if can_resend and request.GET.get("export") != "xlsx" else DELIVERY_COLUMNS,
        filters=DELIVERY_FILTERS,
        order=("-notice__at", "-pk"),
        empty="没有未送达的消息。",
    )
    channels = queries.describe_channels() if may(acting, "change_settings") or may(acting, "inspect") else []
    nobody = list(queries.units_without_readers(acting, request.now)[: MOST_NAMED + 1])
    return listing.respond(
        "notices/undelivered.html",
        {
            "channels": channels,
            "nobody": nobody[:MOST_NAMED],
            "more": len(nobody) > MOST_NAMED,
            "attempt": getattr(request, "attempt", None),
        },
    )
