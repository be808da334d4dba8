"""What a text is, whether it was posted already or is still a draft."""

from __future__ import annotations

from django.db import models

FORM_LABELS = {"text": "文字", "graphic": "图解", "video": "视频", "data": "数说"}


class Origin(models.TextChoices):
    """原创或转载."""

    ORIGINAL = "original", "原创"
    REPOST = "repost", "转载"
