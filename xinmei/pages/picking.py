"""A field whose words are offered while one types: picked, or written."""

from __future__ import annotations

from typing import Any

from django import forms


class Picker(forms.TextInput):
    """A line to pick from, or to write: `offers` are the words that are offered while one types."""

    template_name = "pages/parts/picker.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.offers: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The widget with its list."""
        context = super().get_context(name, value, attrs)
        context["offers"] = self.offers
        context["list_id"] = f"{context['widget']['attrs'].get('id', name)}-offers"
        return context

    def __deepcopy__(self, memo: dict[int, Any]) -> Picker:
        """Each form has offers of its own."""
        copied: Picker = super().__deepcopy__(memo)
        copied.offers = list(self.offers)
        return copied


def picked_field(label: str, *, required: bool = True, help_text: str = "", longest: int = 40) -> forms.CharField:
    """One line that is picked from what the form offers (`widget.offers`), or written."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=Picker(attrs={"class": "form-control"}),
        help_text=help_text,
        error_messages={"max_length": f"写得太长：最多 {longest} 字。"},
    )


def code_field(
    label: str, kind: str, *, of: str = "", required: bool = False, help_text: str = "", longest: int = 200
) -> forms.CharField:
    """One line that takes the code of a thing of this kind (`xinmei.pages.search`).

    A browser with scripts suggests by name while one types; without, the code is typed. `of` is the field of the same
    form that names the account whose things are meant.
    """
    attrs = {"class": "form-control", "data-pick": kind, "autocomplete": "off", **({"data-of": of} if of else {})}
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.TextInput(attrs=attrs),
        help_text=help_text,
        error_messages={"max_length": f"写得太长：最多 {longest} 字，请精简。"},
    )
