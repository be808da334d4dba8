"""导入: a bundle or workbook by page, the refusals as a table, and the template to fill in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from xinmei.collectors.bundle.actions import import_bundle
from xinmei.collectors.bundle.load import MayWrite, Refusal
from xinmei.collectors.bundle.tables import TABLES
from xinmei.collectors.bundle.workbook import write_template
from xinmei.listings.listing import XLSX
from xinmei.people.doors import reach_to_do
from xinmei.people.events import Acting
from xinmei.people.guard import Request, door
from xinmei.people.rights import CITY, OWN
from xinmei.registry.models import Unit
from xinmei.registry.reach import units_within

MOST_SHOWN = 200


class ImportForm(forms.Form):
    """A file, and what happens to the good rows around a bad one."""

    file = forms.FileField(
        label="交换包（.zip）或工作簿（.xlsx）",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".zip,.xlsx"}),
        error_messages={"required": "没有选文件：先点“选择文件”，选 .zip 或 .xlsx。", "empty": "文件是空的，请核对后重选。"},
    )
    keep = forms.ChoiceField(
        label="有行被拒收时",
        choices=[("no", "整个文件都不导入（改好后再来）"), ("yes", "先收下没有错的行")],
        initial="no",
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> Any:
        """Only the two kinds that carry a bundle."""
        file = self.cleaned_data["file"]
        if not file.name.lower().endswith((".zip", ".xlsx")):
            raise forms.ValidationError(f"选的是“{file.name}”，可用：.zip（交换包）、.xlsx（工作簿）。")
        return file


def may_write(acting: Acting) -> MayWrite:
    """「supervisor S, unit_admin O: rows out of reach are refused one by one」; people and their posts do not come in by this page."""
    letter = reach_to_do(acting, "import_facts")
    numbers = units_within(acting, letter)
    codes = None if letter == CITY or numbers is None else set(Unit.objects.filter(pk__in=numbers).values_list("code", flat=True))

    def allowed(table: str, lineage: tuple[str, ...]) -> bool:
        if table == "people":
            return False
        if codes is None:
            return True
        return lineage[:1] == (acting.unit_code,) if letter == OWN else any(code in codes for code in lineage)

    return allowed


@door(do="import_facts", methods=("GET", "POST"))
def import_page(request: Request) -> HttpResponse:
    """Uploads and imports; what was refused stands as a table with line, column, what was found and what is allowed."""
    form = ImportForm(request.POST or None, request.FILES or None, initial={"keep": "no"})
    context: dict[str, Any] = {"form": form, "tables": [table.label for table in TABLES if table.name != "people"]}
    if request.method == "POST" and form.is_valid():
        context |= _import(form.cleaned_data["file"], form.cleaned_data["keep"] == "yes", request)
    status = 422 if request.method == "POST" and not form.is_valid() else 200
    return render(request, "collectors/import.html", context, status=status)


def _import(file: Any, keep: bool, request: Request) -> dict[str, Any]:
    refusals: list[Refusal] = []
    count = 0

    def refuse(refusal: Refusal) -> None:
        nonlocal count
        count += 1
        if len(refusals) < MOST_SHOWN:
            refusals.append(refusal)

    labels = {table.name: table.label for table in TABLES}
    with tempfile.TemporaryDirectory(prefix="xinmei-import-") as folder:
        path = Path(folder) / f"upload{Path(file.name).suffix.lower()}"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        result = import_bundle(path, by=request.acting, at=request.now, keep_good_rows=keep, refuse=refuse, may_write=may_write(request.acting))
    counts = result.counts
    rows = [(labels[name], counts.created[name], counts.updated[name], counts.unchanged[name]) for name in labels if name in counts.created]
    return {
        "done": True,
        "name": file.name,
        "kept": result.kept,
        "rows": rows,
        "refused": count,
        "refusals": refusals,
        "nothing": not rows and not count,
    }


@door(do="import_facts")
def template(request: Request) -> HttpResponse:
    """The workbook to fill in, with drop-downs and notes."""
    with tempfile.TemporaryDirectory(prefix="xinmei-template-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path)
        content = path.read_bytes()
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote('导入模板.xlsx')}"})
