"""自动回复 on a page: what each account answers by itself, and what a person should look at."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpResponse

from xinmei.core.screening import mask
from xinmei.interaction.doors import auto_replies_visible_to
from xinmei.interaction.models import AutoReply, PlatformLook
from xinmei.pages.lists import Column, Filter, Listing
from xinmei.people.guard import Request, door

COLUMNS = (
    Column("account", "账号", lambda row: row.account.name, "interaction/cells/auto_account.html"),
    Column("when", "什么时候回复", lambda row: row.get_when_display(), "interaction/cells/auto_when.html"),
    Column("text", "回复什么", lambda row: mask(row.text), "interaction/cells/auto_text.html", wide=True),
    Column(
        "suggestions",
        "要看的",
        lambda row: "；".join(f"{one['label']}：{mask(one['found'])}" for one in row.suggestions),
        "interaction/cells/auto_suggestions.html",
        wide=True,
    ),
    Column("seen", "看到的时间", lambda row: row.seen_at),
)


def _by_look(rows: QuerySet[AutoReply], value: str) -> QuerySet[AutoReply]:
    return rows.exclude(suggestions=[])


@door(see="messages")
def automatic(request: Request) -> HttpResponse:
    """What the accounts within reach answer by themselves."""
    rows = auto_replies_visible_to(request.acting).select_related("account")
    filters = (
        Filter("look", "要看的", _by_look, [("some", "有提示的")], chips=True),
        Filter("when", "什么时候", lambda found, value: found.filter(when=value), AutoReply.When.choices),
        Filter("account", "账号", lambda found, value: found.filter(account__name__icontains=value)),
    )
    listing = Listing(
        request,
        rows,
        title="自动回复",
        columns=COLUMNS,
        filters=filters,
        order=("account__name", "when", "place"),
        empty="没有看到自动回复：有接口的公众号每天读一次，导入的留言里标明自动回复的也列在这里。",
    )
    looks = PlatformLook.objects.filter(
        thing=PlatformLook.Thing.AUTOMATIC, account__in=rows.order_by().values("account")
    )
    unseen = looks.exclude(outcome=PlatformLook.Outcome.COMPLETE).select_related("account")[:10]
    return listing.respond("interaction/automatic.html", {"not_seen": list(unseen)})
