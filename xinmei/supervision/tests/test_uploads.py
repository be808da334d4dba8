"""Evidence that people attach: its bytes say whether it is a picture, PDF or text.

A small file that unfolds into a huge picture is refused.
"""

from __future__ import annotations

import contextlib
import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from xinmei.pages.uploads import LARGEST, UploadField, kind_of_picture, read_upload, size_of_picture


def _picture(form: str, size: tuple[int, int], **settings: object) -> bytes:
    data = io.BytesIO()
    Image.new("RGB", size, "white").save(data, form, **settings)
    return data.getvalue()


@pytest.mark.parametrize(
    ("form", "settings"),
    [
        ("PNG", {}),
        ("GIF", {}),
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("WEBP", {}),
        ("WEBP", {"lossless": True}),
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (640, 480), (33, 1000)])
def test_the_size_of_a_picture_is_read_from_its_head(
    form: str, settings: dict[str, object], size: tuple[int, int]
) -> None:
    data = _picture(form, size, **settings)
    kind = kind_of_picture(data)
    assert size_of_picture(data, kind) == size
    assert read_upload(data) == (data, kind, "")


@pytest.mark.parametrize("form", ["PNG", "GIF", "WEBP"])
def test_a_picture_that_unfolds_too_far_is_refused_without_being_decoded(form: str) -> None:
    # 7,000 × 7,000 white points in some kilobytes
    data = _picture(form, (7_000, 7_000))
    assert len(data) < 500_000
    with pytest.raises(ValidationError, match="7000×7000 像素，最多 4000 万像素"):
        read_upload(data)


def test_what_is_no_picture_pdf_or_text_is_refused_with_what_is_allowed() -> None:
    assert read_upload(b"%PDF-1.7 ...").media_type == "application/pdf"
    assert read_upload("已更正".encode()).media_type == "text/plain"
    for data in (b"PK\x03\x04\0\0", b"MZ\x90\0", "错".encode("utf-16")):
        with pytest.raises(ValidationError, match="可以上传：PNG、JPG"):
            read_upload(data)
    with pytest.raises(ValidationError, match="已损坏"):
        read_upload(b"\x89PNG\r\n\x1a\n" + b"\0" * 20)


def test_a_file_that_is_too_large_says_how_large_it_may_be() -> None:
    with pytest.raises(ValidationError, match="最大 10 MB"):
        UploadField("图").clean(SimpleUploadedFile("a.txt", b"a" * (LARGEST + 1)))
    assert UploadField("图").clean(None) is None


@given(
    st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF89a", b"RIFF1234WEBP", b"PK\x03\x04", b""]),
    st.binary(max_size=200),
    st.sampled_from([b"", b"PK\x05\x06" + b"\0" * 18]),
)
def test_no_bytes_make_an_error(head: bytes, rest: bytes, tail: bytes) -> None:
    with contextlib.suppress(ValidationError):
        read_upload(head + rest + tail, words=True)


def _word(*parts: str) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<w/>")
    return data.getvalue()


def _old_word(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"".join(one.encode("utf-16-le") + b"\0\0" for one in streams)


def test_minutes_come_as_word_where_they_may_and_never_with_macros() -> None:
    minutes = UploadField("会议纪要", words=True)
    for name, data in (("纪要.docx", _word("word/document.xml")), ("纪要.DOC", _old_word("WordDocument"))):
        kept = minutes.clean(SimpleUploadedFile(name, data))
        assert kept is not None
        assert (kept.data, kept.name) == (data, name)
        with pytest.raises(ValidationError, match="可以上传：PNG、JPG"):
            UploadField("截图").clean(SimpleUploadedFile(name, data))
    for data in (_word("word/document.xml", "word/vbaProject.bin"), _old_word("WordDocument", "_VBA_PROJECT")):
        with pytest.raises(ValidationError, match="有宏"):
            read_upload(data, words=True)
    for data in (_word("xl/workbook.xml"), _old_word("Workbook")):
        with pytest.raises(ValidationError, match="可以上传：PNG、JPG"):
            read_upload(data, words=True)
    for name, data in (("纪要.exe", _word("word/document.xml")), ("纪要.docx", b"%PDF-1.7")):
        with pytest.raises(ValidationError, match="文件名是"):
            minutes.clean(SimpleUploadedFile(name, data))


def test_a_file_whose_name_says_another_kind_is_refused() -> None:
    field = UploadField("截图")
    with pytest.raises(ValidationError, match="内容却是纯文本"):
        field.clean(SimpleUploadedFile("截图.png", "这不是图片".encode()))
    assert field.clean(SimpleUploadedFile("说明.txt", "原话".encode())).name == "说明.txt"
