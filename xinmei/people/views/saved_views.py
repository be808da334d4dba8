"""常用筛选: a list is kept under a name, from a button on every list."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve

from xinmei.people.actions import saved_views
from xinmei.people.doors import one_of
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door, signed_in
from xinmei.people.models import SavedView


class SaveForm(forms.Form):
    """A name, and which list with what in its address."""

    name = forms.CharField(
        max_length=20,
        error_messages={"required": "名称没有填，请写 1 到 20 个字。", "max_length": "名称太长，最多 20 个字。"},
    )
    path = forms.CharField(max_length=300)
    query = forms.CharField(
        max_length=2000,
        error_messages={"required": "还没有筛选或排序，先筛选再保存。", "max_length": "条件太长，请少选几个。"},
    )

    def clean_path(self) -> str:
        """An address of this site."""
        path: str = self.cleaned_data["path"]
        try:
            resolve(path)
        except Resolver404:
            raise forms.ValidationError("没有这个列表，请回到列表页再保存。") from None
        return path


def saved_view_for(acting: Acting, pk: object) -> SavedView:
    """One of one's own; Http404 for another's."""
    return one_of(SavedView.objects.filter(person=acting.person_id), pk)


@signed_in(methods=("POST",))
def save(request: Request) -> HttpResponse:
    """Saves the list under a name and shows it again."""
    form = SaveForm(request.POST)
    if not form.is_valid():
        messages.error(
            request, "没有保存：" + " ".join(str(error) for errors in form.errors.values() for error in errors)
        )
        return HttpResponseRedirect(_back(form))
    path, query = form.cleaned_data["path"], form.cleaned_data["query"]
    try:
        saved_views.save_view(path, query, form.cleaned_data["name"], by=request.acting, at=request.now)
    except saved_views.NotSaved as refused:
        messages.error(request, f"没有保存：{refused}")
    return HttpResponseRedirect(f"{path}?{query}")


def _back(form: SaveForm) -> str:
    path, query = form.cleaned_data.get("path"), form.cleaned_data.get("query", "")
    return f"{path}?{query}" if path else "/"


@door(get=saved_view_for, methods=("POST",))
def drop(request: Request, view: SavedView) -> HttpResponse:
    """Drops one and shows the list without it."""
    saved_views.drop_view(view, by=request.acting, at=request.now)
    return HttpResponseRedirect(view.path)
