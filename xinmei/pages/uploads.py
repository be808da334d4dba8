"""What people attach as evidence: pictures, PDF, plain text; minutes and consents also as Word documents.

The bytes tell what it is, not the browser. A picture is never decoded here: its size is read from its head, so that a
small file that unfolds into a huge picture is refused.
"""

from __future__ import annotations

import io
import mimetypes
import struct
import zipfile
from typing import Any, NamedTuple

from django import forms

LARGEST = 10 * 1024 * 1024
MOST_PIXELS = 40_000_000
ALLOWED = "PNG、JPG、GIF、WebP 图片，PDF，纯文本"
DOCX, DOC = "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "application/msword"
# What of Word is kept is only ever sent as a download (docs/decisions/0544).
WORD = {DOCX: ".docx", DOC: ".doc"}
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MOST_PARTS = 5_000
# Markers of JPEG that carry the size of the frame.
_TOLD = {
    "image/png": "PNG 图片",
    "image/jpeg": "JPG 图片",
    "image/gif": "GIF 图片",
    "image/webp": "WebP 图片",
    "application/pdf": "PDF",
    "text/plain": "纯文本",
    DOCX: "Word 文档（.docx）",
    DOC: "Word 文档（.doc）",
}
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


def kind_of_picture(data: bytes) -> str:
    """The media type of a picture by its first bytes; of everything else `application/octet-stream`."""
    for kind, starts in {
        "image/png": b"\x89PNG\r\n\x1a\n",
        "image/jpeg": b"\xff\xd8\xff",
        "image/gif": b"GIF8",
    }.items():
        if data.startswith(starts):
            return kind
    return "image/webp" if data[:4] == b"RIFF" and data[8:12] == b"WEBP" else "application/octet-stream"


class Upload(NamedTuple):
    """A file as it will be kept."""

    data: bytes
    media_type: str
    name: str = ""


def size_of_picture(data: bytes, kind: str) -> tuple[int, int] | None:
    """Width and height in pixels as the head of the file says; None where it says nothing."""
    if kind == "image/png" and data[12:16] == b"IHDR":
        return int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big")
    if kind == "image/gif" and len(data) >= 10:
        return int.from_bytes(data[6:8], "little"), int.from_bytes(data[8:10], "little")
    if kind == "image/jpeg":
        return _size_of_jpeg(data)
    if kind == "image/webp":
        return _size_of_webp(data)
    return None


def _size_of_jpeg(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker in _FRAMES:
            return int.from_bytes(data[at + 7 : at + 9], "big"), int.from_bytes(data[at + 5 : at + 7], "big")
        # a fill byte, or a segment with its length
        at += 1 if marker == 0xFF else 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return None


def _size_of_webp(data: bytes) -> tuple[int, int] | None:
    form, body = data[12:16], data[20:30]
    if len(body) < 10:
        return None
    if form == b"VP8X":
        return 1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little")
    if form == b"VP8L":
        bits = int.from_bytes(body[1:5], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if form == b"VP8 ":
        return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF
    return None


def kind_of_word(data: bytes) -> str:
    """The media type of a Word document by its bytes, "" of anything else. Raises ValidationError where macros are in
    it. Nothing is unpacked: the list of its parts says what it is.
    """
    if data.startswith(b"PK\x03\x04"):
        kind, parts = DOCX, _parts_of_zip(data)
        is_word, has_macros = "word/document.xml" in parts, any("vbaproject" in part.lower() for part in parts)
    elif data.startswith(_OLE):
        kind, is_word = DOC, _names_stream(data, "WordDocument")
        has_macros = _names_stream(data, "_VBA_PROJECT")
    else:
        return ""
    if is_word and has_macros:
        raise forms.ValidationError("这份 Word 文档里有宏，不能收；请另存为不带宏的 .docx，或者 PDF。")
    return kind if is_word else ""


def _parts_of_zip(data: bytes) -> set[str]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, struct.error, ArithmeticError, ValueError, OSError, EOFError, NotImplementedError):
        return set()
    return set(names) if len(names) <= _MOST_PARTS and "[Content_Types].xml" in names else set()


def _names_stream(data: bytes, name: str) -> bool:
    """Whether a compound file has a stream of that name: its directory writes names in UTF-16."""
    return name.encode("utf-16-le") + b"\0\0" in data


def read_upload(data: bytes, *, words: bool = False) -> Upload:
    """The file with its kind; `words`: Word documents too. Raises ValidationError: what was found, what is allowed."""
    kind = kind_of_picture(data)
    if kind != "application/octet-stream":
        size = size_of_picture(data, kind)
        if size is None or 0 in size:
            raise forms.ValidationError("图片已损坏，读不出宽和高；请重新截图后上传。")
        if size[0] * size[1] > MOST_PIXELS:
            raise forms.ValidationError(f"图片是 {size[0]}×{size[1]} 像素，最多 4000 万像素，请缩小或截取一部分。")
        return Upload(data, kind)
    if data.startswith(b"%PDF-"):
        return Upload(data, "application/pdf")
    if words and (kind := kind_of_word(data)):
        return Upload(data, kind)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        allowed = f"{ALLOWED}、Word 文档。表格请" if words else f"{ALLOWED}。Word、表格请"
        raise forms.ValidationError(f"文件的类型不能用；可以上传：{allowed}另存为 PDF，或截图。")
    return Upload(data, "text/plain")


class UploadField(forms.FileField):
    """One file as evidence; cleaned into an `Upload`, or None. `words`: a Word document will do too."""

    def __init__(self, label: str, *, words: bool = False) -> None:
        self.words = words
        accept = "image/png,image/jpeg,image/gif,image/webp,application/pdf,text/plain"
        accept += ",.docx,.doc" if words else ""
        widget = forms.FileInput(attrs={"class": "form-control", "accept": accept})
        messages = {"empty": "文件是空的，请重新选择。"}
        allowed = f"{ALLOWED}{'，Word 文档' if words else ''}；不超过 10 MB。"
        super().__init__(label=label, required=False, widget=widget, help_text=allowed, error_messages=messages)

    def clean(self, data: Any, initial: Any = None) -> Upload | None:
        """Refuses what is too large, of another kind, or a picture that unfolds too far."""
        file = super().clean(data, initial)
        if not file:
            return None
        if file.size > LARGEST:
            raise forms.ValidationError(f"文件有 {file.size / 1024 / 1024:.1f} MB，最大 10 MB，请压缩或截取一部分。")
        found = read_upload(file.read(), words=self.words)
        _check_name(str(file.name or ""), found.media_type)
        return found._replace(name=str(file.name or "")[-200:])


def _check_name(name: str, kind: str) -> None:
    """A file whose name says another kind than its bytes is opened wrongly later, or was chosen by mistake."""
    of_word = {ending: one for one, ending in WORD.items()}
    said = of_word.get(name[name.rfind(".") :].lower()) or mimetypes.guess_type(name)[0] or ""
    if kind in WORD and said != kind:
        raise forms.ValidationError(f"文件名是“{name}”，内容是 Word 文档；文件名应以 {WORD[kind]} 结尾。")
    if said in _TOLD and said != kind:
        raise forms.ValidationError(f"文件名是“{name}”，内容却是{_TOLD[kind]}；请重新截图或另存，再上传。")
