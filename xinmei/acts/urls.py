"""The address of each act: `/findings/12/rectify/`, and `/orders/issue/` for one that makes an object. Its name is the verb's."""

from __future__ import annotations

from django.urls import path

from xinmei.acts.declared import verbs
from xinmei.acts.views import view_of

urlpatterns = [
    path(f"{verb.of.path}/{'' if verb.makes else '<str:pk>/'}{verb.word}/", view_of(verb), name=verb.name)
    for verb in verbs().values()
]
