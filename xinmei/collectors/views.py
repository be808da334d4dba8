"""导入: a bundle or workbook by page, the refusals as a table, and the template to fill in."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect, render

from xinmei.collectors.bundle.tables import TABLES
from xinmei.collectors.bundle.workbook import write_template
from xinmei.collectors.forms import check_file
from xinmei.collectors.uploading import LARGE, import_parts, keep_for_later, say
from xinmei.jobs.doors import jobs_visible_to
from xinmei.pages.lists.listing import XLSX
from xinmei.people.guard import Request, door


class ImportForm(forms.Form):
    """A file, and what happens to the good rows beside a bad one."""

    file = forms.FileField(
        label="交换包（.zip）或工作簿（.xlsx）",
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".zip,.xlsx"}),
        error_messages={
            "required": "没有选文件：先点“选择文件”，选 .zip 或 .xlsx。",
            "empty": "文件是空的，请核对后重选。",
        },
    )
    keep = forms.ChoiceField(
        label="有行被拒收时",
        choices=[("no", "整个文件都不导入（改好后再来）"), ("yes", "先收下没有错的行")],
        initial="no",
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> Any:
        """Accepts only the two kinds that carry a bundle."""
        return check_file(self.cleaned_data["file"])


@door(do="import_facts", methods=("GET", "POST"))
def import_page(request: Request) -> HttpResponse:
    """Uploads and imports. Large files become a job.

    Refusals stand in a table with line, column, what was found and what is allowed.
    """
    form = ImportForm(request.POST or None, request.FILES or None, initial={"keep": "no"})
    context: dict[str, Any] = {"form": form, "tables": [table.label for table in TABLES if table.on_page]}
    if request.method == "POST" and form.is_valid():
        file, keep = form.cleaned_data["file"], form.cleaned_data["keep"] == "yes"
        if file.size > LARGE:
            return redirect("job", pk=keep_for_later(file, keep_good_rows=keep, by=request.acting, at=request.now).pk)
        result = import_parts(file.name, file.chunks(), keep_good_rows=keep, by=request.acting, at=request.now)
        context |= {"result": result, "said": say(result)}
    context["jobs"] = jobs_visible_to(request.acting).filter(kind="import")[:5]
    return render(request, "collectors/import.html", context, status=422 if form.errors else 200)


@door(do="import_facts")
def template(request: Request) -> HttpResponse:
    """The workbook to fill in, with drop-downs and notes."""
    with tempfile.TemporaryDirectory(prefix="xinmei-template-") as folder:
        path = Path(folder) / "template.xlsx"
        write_template(path)
        content = path.read_bytes()
    return HttpResponse(
        content,
        content_type=XLSX,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote('导入模板.xlsx')}"},
    )
