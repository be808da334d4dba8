"""Which backup is to be tried."""

from __future__ import annotations

from django import forms

from xinmei.pages.fields import Fields, line_field
from xinmei.upkeep.manifests import list_backups


class RehearseFields(Fields):
    """The name of a backup; none is the newest."""

    name = line_field("备份")

    def clean_name(self) -> str:
        """One that is there."""
        name: str = self.cleaned_data["name"]
        if name and all(one.name != name for one in list_backups()):
            raise forms.ValidationError(f"没有备份“{name[:100]}”，可能已按保留份数清理；请从列表里另选一份。")
        return name
