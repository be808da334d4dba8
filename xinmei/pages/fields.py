"""The typed form of an act: one class for the page, the command line and the API.

A room writes a Django form that derives from `Fields`. The page binds it to what the browser sent. The command line and
the API bind it to JSON (`read_json`), where a wrong type or an unknown name is refused as a wrong word is on the page.
A field called `profile__name` is the part `name` of the object `profile`: JSON gives the object.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.core.exceptions import SuspiciousOperation
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.datastructures import MultiValueDict

from xinmei.core.calendar import SHANGHAI
from xinmei.core.refusals import Wrong

REQUIRED = "这一项没有填。"
LONGEST = 2000
# Between an object and its part in the name of a field.
PART = "__"
_NO_CHOICE = "没有这一项可选，请从列出的里面选。"
_MESSAGES = {
    "required": REQUIRED,
    "invalid_choice": _NO_CHOICE,
    "invalid_list": "应写成一列。",
    "invalid_pk_value": _NO_CHOICE,
    "max_length": "写得太长，请精简。",
}
_BAD_DATE = "应写成 2026-11-27 这样的日期。"
_BAD_MOMENT = "应写成 2026-11-27T09:30:00 这样的时间。"


class YesNo(forms.TypedChoiceField):
    """Yes or no, chosen on purpose: nothing is chosen beforehand. Cleaned into a bool; JSON gives true and false."""

    def __init__(self, label: str, yes: str, no: str, *, required: bool = True, help_text: str = "") -> None:
        super().__init__(
            label=label,
            choices=[("yes", yes), ("no", no)],
            coerce=lambda chosen: chosen == "yes",
            empty_value=None,
            required=required,
            widget=forms.RadioSelect,
            help_text=help_text,
        )


def text_field(label: str, *, required: bool = False, help_text: str = "", longest: int = LONGEST) -> forms.CharField:
    """Several lines of words."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text=help_text,
        error_messages={"max_length": f"写得太长：最多 {longest} 字，请精简。"},
    )


def line_field(label: str, *, required: bool = False, help_text: str = "", longest: int = 200) -> forms.CharField:
    """One line of words."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=help_text,
        error_messages={"max_length": f"写得太长：最多 {longest} 字，请精简。"},
    )


class NumberOf(forms.CharField):
    """The number of another object, as text or as a whole number."""

    takes_number = True


class LinesField(forms.CharField):
    """Several texts, one a line; JSON gives them as a list. Cleaned into a list, each once, in the order written."""

    widget = forms.Textarea

    def clean(self, value: Any) -> list[str]:  # type: ignore[override]
        """The texts without the space around them; empty lines are nothing."""
        lines = (line.strip() for line in super().clean(value).splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def prepare_value(self, value: Any) -> Any:
        """As they are written in the browser."""
        return "\n".join(value) if isinstance(value, list) else value


def lines_field(label: str, *, required: bool = False, help_text: str = "", longest: int = LONGEST) -> LinesField:
    """Several texts, one a line."""
    return LinesField(
        label=label,
        required=required,
        max_length=longest,
        widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
        help_text=help_text,
        error_messages={"max_length": f"写得太长：最多 {longest} 字，请精简。"},
    )


def choice_field(label: str, choices: Any, *, required: bool = True, help_text: str = "") -> forms.ChoiceField:
    """One of several, in a list that opens."""
    return forms.ChoiceField(
        label=label,
        choices=choices,
        required=required,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=help_text,
    )


def day_field(label: str, *, required: bool = True, help_text: str = "") -> forms.DateField:
    """A day in Shanghai."""
    return forms.DateField(
        label=label,
        required=required,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        help_text=help_text,
        error_messages={"invalid": _BAD_DATE},
    )


class MomentField(forms.DateTimeField):
    """A moment in Shanghai; programs may write another offset. Cleaned into UTC."""

    def to_python(self, value: Any) -> Any:
        """ISO 8601 as browsers (`2026-05-12T09:30`) and programs write it."""
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        try:
            found = datetime.fromisoformat(value.strip())
            return (found if found.tzinfo else found.replace(tzinfo=SHANGHAI)).astimezone(UTC)
        except (ValueError, OverflowError):
            raise forms.ValidationError(_BAD_MOMENT) from None


def moment_field(label: str, *, required: bool = False, help_text: str = "") -> MomentField:
    """A moment to the minute."""
    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "class": "form-control"}, format="%Y-%m-%dT%H:%M")
    return MomentField(label=label, required=required, help_text=help_text, widget=widget)


class _SeveralFiles(forms.FileInput):
    allow_multiple_selected = True

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        getlist = getattr(files, "getlist", None)
        return getlist(name) if getlist else [files[name]] if name in files else []


class FilesField(forms.FileField):
    """Several files; JSON gives them as a list. Cleaned into a list of uploaded files, in their order."""

    def __init__(self, label: str, *, required: bool = False, help_text: str = "", accept: str = "") -> None:
        widget = _SeveralFiles(attrs={"class": "form-control", **({"accept": accept} if accept else {})})
        messages = {"empty": "文件是空的，请重新选择。"}
        super().__init__(label=label, required=required, help_text=help_text, widget=widget, error_messages=messages)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Each file by itself; none at all only where none is needed."""
        sent = [one for one in data or [] if one]
        if not sent:
            super().clean(None, initial)
        return [super(FilesField, self).clean(one, initial) for one in sent]


class Fields(forms.Form):
    """The base of all forms of acts. `acting`, `on` (the object, if any) and `at` serve choices that depend on them.

    `broken` are faults found while JSON was read, before any field was looked at. `named` are the fields that JSON
    gives, nothing included; None for the form of a page, which has them all. `looks`: it is still being typed; files do
    not come along yet.
    """

    def __init__(
        self,
        *args: Any,
        acting: Any = None,
        on: Any = None,
        at: datetime | None = None,
        broken: tuple[Wrong, ...] = (),
        named: frozenset[str] | None = None,
        looks: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.acting, self.on, self.at, self.broken, self.named, self.looks = acting, on, at, broken, named, looks
        self.prepare()
        self.initial = {**_flat(self.standing()), **self.initial}
        for field in self.fields.values():
            field.required = field.required and not (looks and isinstance(field, forms.FileField))
            own = getattr(field, "own_messages", {})
            field.error_messages = {**field.error_messages, **_messages_of(field), **own}

    def prepare(self) -> None:
        """Sets choices that depend on who acts, on what, when; takes away fields that make no sense here."""

    def standing(self) -> Mapping[str, Any]:
        """What stands already, as JSON has it: it is filled in on the page, and stays where JSON does not name the
        field.
        """
        return {}

    def stands_against(self) -> str:
        """Why what is asked cannot be done now, where only what is given can tell; "" where it can."""
        return ""

    def found_wrong(self) -> tuple[Wrong, ...]:
        """What is wrong with what was given: the field, what was found, what is allowed. Empty where all is well."""
        named = {error.field for error in self.broken}
        wrong = list(self.broken)
        for name, errors in self.errors.items():
            if name in named:
                continue
            label = str(self.fields[name].label or name) if name in self.fields else ""
            for text in errors:
                said = f"{label}：{text}" if label else str(text)
                shown = "" if name == "__all__" else name.replace(PART, ".")
                wrong.append(Wrong(shown, said, self.raw(name)))
        return tuple(wrong)

    def is_given(self, name: str) -> bool:
        """Whether a field, or an object, was given at all, be it nothing. A page gives all that it shows."""
        if self.named is not None:
            return name in self.named
        return name in self.fields or any(one.startswith(name + PART) for one in self.fields)

    def is_object(self, name: str) -> bool:
        """Whether JSON gives an object, and not nothing."""
        return self.add_prefix(name + PART) in self.data

    def parts(self, name: str) -> dict[str, Any]:
        """The cleaned parts of an object that were given; {} where it was not, or is empty."""
        found = {}
        for full in self.fields:
            whole, _, part = full.partition(PART)
            is_given = self.add_prefix(full) in self.data or self.add_prefix(full) in self.files
            if whole == name and part and is_given and full in self.cleaned_data:
                found[part] = self.cleaned_data[full]
        return found

    def raw(self, name: str) -> object:
        """What was given for a field, as it was given; None where nothing was."""
        key = self.add_prefix(name)
        if key in self.files:
            return str(getattr(self.files[key], "name", ""))
        getlist = getattr(self.data, "getlist", None)
        values = getlist(key) if getlist else [self.data[key]] if key in self.data else []
        return None if not values else values[0] if len(values) == 1 else list(values)


def _messages_of(field: forms.Field) -> dict[str, str]:
    """Chinese messages, where the field has no better ones of its own."""
    default = {
        key: text
        for one in reversed(type(field).__mro__)
        for key, text in getattr(one, "default_error_messages", {}).items()
    }
    return {
        key: text
        for key, text in _MESSAGES.items()
        if key in field.error_messages and field.error_messages[key] == default.get(key)
    }


def read_json(form: type[Fields], given: Mapping[str, Any], **about: Any) -> Fields:
    """The form bound to JSON. An unknown name and a wrong type are faults of that field; null and "" are nothing."""
    blank = form({}, **about)
    reading = _Reading(blank)
    reading.read({**blank.standing(), **given})
    return form(reading.data, reading.files, broken=tuple(reading.broken), named=frozenset(given), **about)


class _Reading:
    """JSON, sorted into what a browser would have sent, and what is wrong with it."""

    def __init__(self, blank: Fields) -> None:
        self.fields = blank.fields
        self.standing = blank.standing()
        self.data: MultiValueDict[str, Any] = MultiValueDict()
        self.files: MultiValueDict[str, Any] = MultiValueDict()
        self.broken: list[Wrong] = []

    def read(self, given: Mapping[str, Any], whole: str = "") -> None:
        """All of it, or the parts of one object."""
        start = f"{whole}{PART}" if whole else ""
        for name, value in given.items():
            shown = f"{whole}.{name}" if whole else name
            field = self.fields.get(f"{start}{name}") if PART not in name else None
            if field is not None:
                self._read_one(field, f"{start}{name}", shown, value, is_part=bool(whole))
            elif whole or not any(one.startswith(f"{name}{PART}") for one in self.fields):
                self._refuse_name(shown, start, value)
            elif isinstance(value, dict):
                self.data.setlist(f"{name}{PART}", [""])  # the object is there, be it without parts
                self.read(value, name)
            elif not _is_nothing(value):
                self.broken.append(Wrong(name, f"{name} 应写成一个对象", value))

    def _refuse_name(self, shown: str, start: str, value: object) -> None:
        here = (one[len(start) :].partition(PART)[0] for one in self.fields if one.startswith(start))
        allowed = "、".join(dict.fromkeys(here)) or "没有要写的"
        self.broken.append(Wrong(shown, f"没有名为“{shown}”的一项；可写：{allowed}", value))

    def _read_one(self, field: forms.Field, name: str, shown: str, value: Any, *, is_part: bool) -> None:
        if _is_nothing(value):
            if is_part or name in self.standing:  # emptied, which is not the same as left out
                self.data.setlist(name, [""])
        elif isinstance(field, FilesField):
            sent = [_read_file(one) for one in value] if isinstance(value, list) else [None]
            if any(one is None for one in sent):
                self.broken.append(Wrong(shown, f'{field.label}：应写成一列文件，每个 {{"name", "base64"}}', None))
            elif sent:
                self.files.setlist(name, sent)
        elif isinstance(field, forms.FileField):
            read = _read_file(value)
            if read is None:
                self.broken.append(Wrong(shown, f'{field.label}：文件应写成 {{"name", "base64"}}', None))
            else:
                self.files[name] = read
        elif (texts := _as_texts(field, value)) is None:
            self.broken.append(Wrong(shown, f"{field.label}：{_shape_of(field)}", value))
        else:
            self.data.setlist(name, texts)


def _is_nothing(value: object) -> bool:
    """「Strings are stripped at both ends; null or "" empties an optional field and is missing for a required one」."""
    return value is None or (isinstance(value, str) and not value.strip())


def _flat(standing: Mapping[str, Any]) -> dict[str, Any]:
    """The parts of objects under the names of their fields."""
    flat: dict[str, Any] = {}
    for name, value in standing.items():
        if isinstance(value, Mapping):
            flat |= {f"{name}{PART}{part}": inner for part, inner in value.items()}
        else:
            flat[name] = value
    return flat


def _as_texts(field: forms.Field, value: Any) -> list[str] | None:
    """The JSON value as a browser would have sent it; None where its type is wrong."""
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField):
        if isinstance(value, str) and getattr(field, "takes_one", False):
            return [value.strip()]
        is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return [one.strip() for one in value] if is_list else None
    if isinstance(field, LinesField):
        return ["\n".join(value)] if isinstance(value, list) and all(isinstance(one, str) for one in value) else None
    if isinstance(value, bool):
        if isinstance(field, YesNo):
            return ["yes" if value else "no"]
        return [str(value)] if isinstance(field, forms.BooleanField) else None
    if isinstance(field, forms.IntegerField):
        return [str(value)] if isinstance(value, int) else None
    if isinstance(field, forms.JSONField):
        return [value]
    if isinstance(value, int) and getattr(field, "takes_number", False):
        return [str(value)]
    return [value.strip()] if isinstance(value, str) else None  # choices are stripped too, as words are


def _shape_of(field: forms.Field) -> str:
    if isinstance(field, forms.MultipleChoiceField | forms.ModelMultipleChoiceField | LinesField):
        return "应写成一列文字"
    if isinstance(field, YesNo | forms.BooleanField):
        return "应写 true 或 false"
    if isinstance(field, forms.IntegerField):
        return "应写成整数"
    if isinstance(field, forms.DateField):
        return _BAD_DATE
    return "应写成文字"


def _read_file(value: Any) -> SimpleUploadedFile | None:
    if not isinstance(value, dict) or value.keys() != {"name", "base64"}:
        return None
    if not all(isinstance(one, str) for one in value.values()):
        return None
    try:
        data = base64.b64decode(value["base64"], validate=True)
        return SimpleUploadedFile(value["name"].strip() or "附件", data)
    except (binascii.Error, ValueError, SuspiciousOperation):
        return None


def show_day(day: date | None) -> str | None:
    """A day as programs read it."""
    return day.isoformat() if day else None


def show_moment(at: datetime | None) -> str | None:
    """A moment as programs read it: ISO 8601 with the offset of Shanghai."""
    return at.astimezone(SHANGHAI).isoformat() if at else None
