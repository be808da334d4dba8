"""Addresses of §四."""

from __future__ import annotations

from django.urls import path

from xinmei.publishing import views
from xinmei.publishing.allowing import views as allowing
from xinmei.publishing.channels import views as channels
from xinmei.publishing.columns import views as columns
from xinmei.publishing.drafts import keeping_views, verifying_views
from xinmei.publishing.drafts import views as drafts
from xinmei.publishing.functions import views as functions
from xinmei.publishing.policies import views as policies
from xinmei.publishing.sources import views as sources

urlpatterns = [
    path("posts/", views.listed, name="posts"),
    path("posts/<path:pk>/reveal/", views.reveal, name="reveal_post"),
    path("posts/<path:pk>/", views.post, name="post"),
    path("drafts/", drafts.listed, name="drafts"),
    path("drafts/new/", drafts.new, name="write_draft"),
    path("drafts/marks/", drafts.check_text, name="check_text"),
    path("drafts/<str:pk>/", drafts.draft, name="draft"),
    path("drafts/<str:pk>/keep/", keeping_views.keep_typed, name="keep_draft"),
    path("drafts/<str:pk>/images/<str:place>/", drafts.image, name="draft_image"),
    path("drafts/<str:pk>/kit/<path:code>/", channels.kit, name="draft_kit"),
    path("templates/", columns.listed, name="templates"),
    path("channels/", channels.listed, name="channels"),
    path("pushed/<str:pk>/", channels.pushed, name="pushed"),
    path("released/", verifying_views.released, name="released"),
    path("draft-check/", views.check_draft, name="check_draft"),
    path("allow-list/", allowing.listed, name="allow_list"),
    path("functions/", functions.listed, name="functions"),
    path("policies/", policies.listed, name="policies"),
    path("policies/covered/", policies.covered, name="policies_covered"),
    path("policies/<str:pk>/", policies.policy, name="policy"),
    path("sources/", sources.listed, name="sources"),
]
