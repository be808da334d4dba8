"""Where the collectors look."""

from __future__ import annotations

from django.db import models

from xinmei.files.models import StoredFile
from xinmei.registry.models import Account


class Feed(models.Model):
    """The address at which an account's posts can be read by machine."""

    class Kind(models.TextChoices):
        RSS = "rss", "RSS/Atom"

    account = models.ForeignKey(Account, models.CASCADE, related_name="feeds", verbose_name="账号")
    kind = models.CharField("种类", max_length=20, choices=Kind.choices)
    address = models.TextField("地址")

    class Meta:
        verbose_name = verbose_name_plural = "采集地址"
        ordering = ["account", "kind"]
        constraints = [models.UniqueConstraint(fields=["account", "kind"], name="one_feed_of_a_kind")]

    def __str__(self) -> str:
        return self.address


class Upload(models.Model):
    """A file that waits for its import. The machine that imports need not be the one to which it was sent."""

    name = models.CharField("文件名", max_length=200)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="文件")
    at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "上传的文件"

    def __str__(self) -> str:
        return self.name
