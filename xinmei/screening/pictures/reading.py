"""Reads pictures by their hash, each once, in a process of its own; what stands in them is screened like any text."""

from __future__ import annotations

import json
import selectors
import struct
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from importlib.util import find_spec
from types import TracebackType
from typing import Any

from xinmei.core.calendar import SHANGHAI
from xinmei.core.screening import Screen
from xinmei.files.keeping import load
from xinmei.publishing.models import Image, Post
from xinmei.screening.links.following import note_links
from xinmei.screening.models import PictureRead

NEEDED = ("rapidocr", "onnxruntime", "zxingcpp")
INSTALL = "没有安装图片识别组件，图片里的文字和二维码看不清。请运维安装：pip install 'xinmei[ocr]'，再重启服务。"
RECENT, MOST = timedelta(days=31), 300
# Seconds for one picture (4–8 CPU-seconds are usual); pictures before the process starts anew, since its memory grows.
PATIENCE, RESTART_AFTER = 120, 200
Progress = Callable[[int, int, str], None]


def is_installed() -> bool:
    """Whether the extra [ocr] is there."""
    return all(find_spec(name) for name in NEEDED)


class PictureReader:
    """The other process, started when first needed. Use it as a context manager."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._count = 0

    def __enter__(self) -> PictureReader:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, data: bytes) -> dict[str, Any]:
        """{"text", "codes"} of one picture, or {"error"} where it could not be read."""
        if self._count >= RESTART_AFTER:
            self._stop()
        process = self._process or self._start()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(struct.pack(">I", len(data)) + data)
            process.stdin.flush()
            with selectors.DefaultSelector() as waiting:
                waiting.register(process.stdout, selectors.EVENT_READ)
                answer = process.stdout.readline() if waiting.select(PATIENCE) else b""
        except BrokenPipeError:
            answer = b""
        self._count += 1
        if not answer:
            self._stop()
            return {"error": f"识别进程 {PATIENCE} 秒内没有结果，或中途退出"}
        read: dict[str, Any] = json.loads(answer)
        return read

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "xinmei.screening.pictures.worker"]
        self._process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._count = 0
        return self._process

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._process = None


def read_pictures(screen: Screen, at: datetime, progress: Progress | None = None) -> dict[str, int]:
    """Reads the pictures of recent posts that were never read; codes that are addresses go to the links.

    How many were read, unseen, and hit.
    """
    posts: dict[str, list[int]] = {}  # the newest first
    days: dict[str, datetime] = {}
    recent = Post.objects.filter(published_at__gt=at - RECENT, published_at__lte=at, images__isnull=False).order_by(
        "-published_at"
    )
    for pk, images, published_at in recent.values_list("pk", "images", "published_at").iterator(2000):
        for _, sha256 in images or []:
            posts.setdefault(sha256, []).append(pk)
            days.setdefault(sha256, published_at)
    _published_now(posts)
    read_already = set(PictureRead.objects.values_list("image__file", flat=True))
    waiting = [sha256 for sha256 in posts if sha256 not in read_already][:MOST]
    counts = {"read": 0, "unseen": 0, "hit": 0}
    with PictureReader() as reader:
        for place, sha256 in enumerate(waiting, start=1):
            image = Image.objects.get(file=sha256)
            row = keep_reading(image, reader.read(load(sha256)), screen, days[sha256], posts[sha256][0], at)
            note_links(dict.fromkeys(row.codes, posts[sha256]))
            counts[row.outcome] += 1
            counts["hit"] += bool(row.hits)
            if progress:
                progress(place, len(waiting), "读图片")
    return counts


def _published_now(posts: dict[str, list[int]]) -> None:
    """What was read of a draft belongs to the post that shows it now."""
    for row in PictureRead.objects.filter(post__isnull=True).select_related("image"):
        if shown := posts.get(row.image.file_id):
            PictureRead.objects.filter(pk=row.pk).update(post=shown[0])


def keep_reading(
    image: Image, answer: dict[str, Any], screen: Screen, published_at: datetime, post: int | None, at: datetime
) -> PictureRead:
    """Judged by the day of the newest post that shows it; of a draft (no post) by today."""
    if "error" in answer:
        return PictureRead.objects.create(
            image=image, post_id=post, read_at=at, outcome=PictureRead.Outcome.UNSEEN, reason=answer["error"]
        )
    [found] = screen.scan([answer["text"]], published_at.astimezone(SHANGHAI).date(), shelf="confident")
    hits = [
        {"start": hit.start, "end": hit.end, "rule": hit.rule, "category": hit.category, "suggest": hit.suggest or ""}
        for hit in found
    ]
    return PictureRead.objects.create(
        image=image,
        post_id=post,
        read_at=at,
        outcome=PictureRead.Outcome.READ,
        text=answer["text"],
        codes=answer["codes"],
        hits=hits,
        is_hit=bool(hits),
    )
