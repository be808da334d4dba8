"""核验 by a picture: what the QR code in it says is looked up as a name or a link is."""

from __future__ import annotations

import hmac
import json
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

from django import forms
from django.conf import settings
from django.db import transaction

from xinmei.core.refusals import NotNow
from xinmei.pages.uploads import kind_of_picture, read_upload
from xinmei.people.locks import hold
from xinmei.registry.models import Account, PictureAsked
from xinmei.registry.public import queries
from xinmei.registry.public.queries import LONGEST

LARGEST, MOST_CODES = 5 * 1024 * 1024, 5
AN_HOUR, PATIENCE = timedelta(hours=1), 15
_READER = Path(__file__).with_name("reading.py")


class PictureForm(forms.Form):
    """One picture with a QR code."""

    picture = forms.FileField(
        label="带二维码的图片",
        help_text="截图或照片都行（PNG、JPG、GIF、WebP），不超过 5 MB。图片只用来读二维码，读完就丢。",
        widget=forms.FileInput(attrs={"class": "form-control", "accept": "image/*"}),
        error_messages={
            "required": "还没有选图片。",
            "missing": "还没有选图片。",
            "invalid": "还没有选图片。",
            "empty": "图片是空的，请重新选择。",
        },
    )

    def clean_picture(self) -> bytes:
        """The bytes of a picture that does not unfold too far."""
        file = self.cleaned_data["picture"]
        if file.size > LARGEST:
            raise forms.ValidationError(f"图片有 {file.size / 1024 / 1024:.1f} MB，最大 5 MB，请截取有二维码的一部分。")
        data = bytes(file.read())
        if kind_of_picture(data) == "application/octet-stream":
            raise forms.ValidationError("这不是图片，或者是不认得的格式；请截图后上传（PNG、JPG、GIF、WebP）。")
        return read_upload(data).data


def note_asking(address: str, at: datetime) -> None:
    """Counts one more picture from this address. Raises NotNow where it was enough for this hour."""
    source = hmac.new(settings.SECRET_KEY.encode(), f"picture {address}".encode(), "sha256").hexdigest()
    with transaction.atomic():
        hold(f"picture {source}")
        PictureAsked.objects.filter(asked_at__lte=at - AN_HOUR).delete()
        if PictureAsked.objects.filter(source=source).count() >= settings.PICTURES_PER_HOUR:
            raise NotNow(
                f"同一地址一小时内最多核验 {settings.PICTURES_PER_HOUR} 张图片，请过一小时再来，或者写名称、链接核验。"
            )
        PictureAsked.objects.create(source=source, asked_at=at)


def look_up_codes(data: bytes) -> list[tuple[str, list[Account]]]:
    """What each code in a picture says, and the accounts that are registered with exactly this link, name or handle."""
    found = [(text, queries.look_up(queries.Asked(name=text))) for text in read_codes(data)[:MOST_CODES]]
    return [(text, one.accounts if one.exact else []) for text, one in found]


def read_codes(data: bytes) -> list[str]:
    """What the QR codes in a picture say, each once; none where there is none, or the picture cannot be opened."""
    try:
        done = subprocess.run(  # noqa: S603
            [sys.executable, "-I", str(_READER)], input=data, capture_output=True, timeout=PATIENCE, check=True
        )
        found = json.loads(done.stdout)
    except (subprocess.SubprocessError, ValueError):
        return []
    texts = (text.replace("\0", "").strip()[:LONGEST] for text in found)
    return [text for text in dict.fromkeys(texts) if text]
