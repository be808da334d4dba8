"""The doors of §四、六: posts as published and the functions of accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import check, may, one_by_code, reach_to_see
from xinmei.people.events import Acting
from xinmei.people.reach import reach_q
from xinmei.publishing.models import AllowListEntry, FunctionCheck, Post


def posts_visible_to(acting: Acting) -> QuerySet[Post]:
    """Posts of the accounts in reach."""
    return Post.objects.filter(reach_q(acting, reach_to_see(acting, "posts"), "account__unit"))


def post_for(acting: Acting, code: str, to: str = "read") -> Post:
    """One post by its code, to read or to "reveal" personal data in it.

    Raises Http404 out of reach, Refused for lack of right.
    """
    post = one_by_code(posts_visible_to(acting).select_related("account__unit"), code)
    if to != "read":
        check(acting, to, "post", code)
    return post


def function_checks_visible_to(acting: Acting) -> QuerySet[FunctionCheck]:
    """Checks of the functions of the accounts in reach."""
    return FunctionCheck.objects.filter(reach_q(acting, reach_to_see(acting, "posts"), "account__unit"))


def allow_entries_visible_to(acting: Acting) -> QuerySet[AllowListEntry]:
    """不再提示: for those who make such entries."""
    return AllowListEntry.objects.all() if may(acting, "allow_for_unit") else AllowListEntry.objects.none()
