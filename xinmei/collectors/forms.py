"""What is given with an import that a program sends."""

from __future__ import annotations

from typing import Any

from django import forms

from xinmei.collectors.uploading import LARGEST
from xinmei.pages.fields import Fields, YesNo

ENDINGS = (".zip", ".xlsx")


def check_file(file: Any) -> Any:
    """The file, where it is one of the two kinds that carry a bundle. Raises ValidationError."""
    if not file.name.lower().endswith(ENDINGS):
        raise forms.ValidationError(f"选的是“{file.name}”，可用：.zip（交换包）、.xlsx（工作簿）。")
    if file.size > LARGEST:
        raise forms.ValidationError(
            f"“{file.name}”有 {file.size >> 20} MB，网页上最大 {LARGEST >> 20} MB；"
            "请分成几份，或由运维用命令 xinmei import 导入。"
        )
    return file


class BundleFields(Fields):
    """A bundle, and what happens to the good rows beside a bad one."""

    file = forms.FileField(label="交换包（.zip）或工作簿（.xlsx）")
    keep = YesNo("有行被拒收时", "先收下没有错的行", "整个文件都不导入", required=False, help_text="不填：都不导入。")

    def clean_file(self) -> Any:
        """A bundle or a workbook."""
        return check_file(self.cleaned_data["file"])
