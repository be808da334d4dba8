"""The doors of §四、六: posts as published and the functions of accounts."""

from __future__ import annotations

from django.db.models import QuerySet

from xinmei.people.doors import one_by_code, reach_to_see
from xinmei.people.events import Acting
from xinmei.publishing.models import FunctionCheck, Post
from xinmei.registry.reach import reach_q


def posts_visible_to(acting: Acting) -> QuerySet[Post]:
    """Posts of the accounts in reach."""
    return Post.objects.filter(reach_q(acting, reach_to_see(acting, "posts"), "account__unit"))


def post_for(acting: Acting, code: str) -> Post:
    """One post by its code; Http404 out of reach."""
    return one_by_code(posts_visible_to(acting).select_related("account__unit"), code)


def function_checks_visible_to(acting: Acting) -> QuerySet[FunctionCheck]:
    """Checks of the functions of the accounts in reach."""
    return FunctionCheck.objects.filter(reach_q(acting, reach_to_see(acting, "posts"), "account__unit"))
