"""The address of each act: `/findings/12/rectify/`, or `/orders/issue/` for one that makes an object.

The name of the address is the name of the verb. At `/several/` one act is done for each of several chosen things.
"""

from __future__ import annotations

from django.urls import path

from xinmei.acts.declared import verbs
from xinmei.acts.several import do_to_each
from xinmei.acts.views import view_of
from xinmei.core.verbs import Verb


def address_of(verb: Verb) -> str:
    """The address as the URL configuration writes it."""
    return f"{verb.of.path}/{verb.word}/" if verb.makes else address_on_one(verb)


def address_on_one(verb: Verb) -> str:
    """The address on an object that is there. Numbers have no slash; codes from elsewhere may have one."""
    return f"{verb.of.path}/<{'str' if verb.of.key == 'pk' else 'path'}:pk>/{verb.word}/"


urlpatterns = [
    path("several/", do_to_each, name="do_to_each"),
    *(path(address_of(verb), view_of(verb), name=verb.name) for verb in verbs().values()),
    *(path(address_on_one(verb), view_of(verb, on_one=True), name=verb.name) for verb in verbs().values() if verb.also),
]
