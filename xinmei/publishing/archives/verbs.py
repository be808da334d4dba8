"""存档, declared."""

from __future__ import annotations

from django import forms
from django.urls import reverse
from typing_extensions import TypedDict

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.fields import Fields, show_moment
from xinmei.pages.picking import code_field
from xinmei.people.doors import reach_to_do
from xinmei.people.events import Acting
from xinmei.people.reach import reaches
from xinmei.publishing.archives.actions import make_archive
from xinmei.registry.closing.doors import archives_visible_to
from xinmei.registry.doors import host_named
from xinmei.registry.models import Account, Archive


class ShownArchive(TypedDict):
    """What programs read of an archive."""

    id: str
    account: str
    posts: int
    sha256: str
    by: str
    at: str | None


def show_archive(archive: Archive, acting: Acting) -> ShownArchive:
    """An archive as programs read it."""
    return {
        "id": str(archive.pk),
        "account": archive.account.code,
        "posts": archive.posts,
        "sha256": str(archive.file_id),
        "by": archive.made_by,
        "at": show_moment(archive.made_at),
    }


class MakeFields(Fields):
    """Of which account."""

    account = code_field("账号", "account", required=True, help_text="写名称，从列出的里选；或写账号编号。")

    def clean_account(self) -> Account:
        """An account of one's own unit."""
        code: str = self.cleaned_data["account"]
        account = Account.objects.filter(code=code).select_related("unit").first()
        reach = reach_to_do(self.acting, "archive_account")
        if account is None or (self.acting.judged and not reaches(self.acting, reach, account.unit_id)):
            raise forms.ValidationError(f"本单位没有编号为 {code} 的账号。")
        return account


ARCHIVE = Kind(
    name="archive",
    label="存档",
    path="archives",
    model=Archive,
    rows=archives_visible_to,
    show=show_archive,
    unit=lambda archive: archive.account.unit_id,
    related=("account",),
    page=lambda archive: reverse("closing", args=[archive.account.code]),
)
MAKE = Verb(
    "archive.make",
    "导出内容存档",
    of=ARCHIVE,
    makes=True,
    right="archive_account",
    owner=host_named,
    fields=MakeFields,
    do=make_archive,
    done=lambda archive: f"已导出 {archive.posts} 条信息存档，摘要已记入操作留痕。",
    hint="关停以前，把这个账号发布过的内容导出成一个文件，在这里保管；以后改动过一个字也看得出来。",
)
