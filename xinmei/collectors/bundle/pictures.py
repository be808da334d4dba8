"""The pictures that a bundle carries. Each is kept once, under its hash."""

from __future__ import annotations

from datetime import datetime

from xinmei.collectors.bundle.faults import Fault, show
from xinmei.collectors.bundle.sources import Source
from xinmei.core.refusals import NotNow
from xinmei.core.spreadsheets.archives import Refused
from xinmei.files.keeping import keep
from xinmei.publishing.models import Image


class Pictures:
    """The pictures of one import."""

    def __init__(self, source: Source, at: datetime) -> None:
        self.source = source
        self.at = at
        self.kept: dict[str, str] = {}

    def keep(self, names: list[str]) -> list[list[str]]:
        """Stores the pictures; returns each name with its hash. Raises Fault where one cannot be taken."""
        return [[name, self.kept.get(name) or self._keep(name)] for name in names]

    def _keep(self, name: str) -> str:
        try:
            data = self.source.image(name)
        except Refused as refused:
            raise Fault(str(refused)) from refused
        if data is None:
            raise Fault(f"图片 {show(name)} 不在这个包里，请把文件按这个名字放入")
        try:
            file = keep(data, self.at)
        except NotNow as why:
            raise Refused(name, str(why)) from why
        Image.objects.get_or_create(file=file)
        self.kept[name] = file.sha256
        return file.sha256
