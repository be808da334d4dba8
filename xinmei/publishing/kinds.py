"""What a text is, whether it was posted already or is still a draft."""

from __future__ import annotations

from django.db import models

FORM_LABELS = {"text": "文字", "graphic": "图解", "video": "视频", "data": "数说"}

# What of a draft was made by a machine, as its writer declares.
GENERATED = {"text": "文字", "image": "图片", "both": "文字和图片"}


class Origin(models.TextChoices):
    """原创或转载."""

    ORIGINAL = "original", "原创"
    REPOST = "repost", "转载"
