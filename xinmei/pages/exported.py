"""The public pages as a folder of files, which any web server can carry.

Each room names its public addresses in a module `published.py`. Every one is asked of the application itself, by
nobody, so that a file says what the page says; then links to what is in the folder too are made relative, other links
whole.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import os
import posixpath
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, unquote, urlsplit

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.http import HttpResponse

from xinmei.pages.rooms import gather
from xinmei.pages.swapping import swap_folders

# By this file a folder is known as an earlier export, which a new one may replace.
MARK = "xinmei-public.json"
_LINK = re.compile(r'\b(href|src|action)="([^"#][^"]*|)"')
_UNSAFE = re.compile(r'[\0-\x1f\\:*?"<>|]')
_LONGEST_NAME = 200


class CannotExport(Exception):
    """Why the folder cannot be written, in Chinese."""


@dataclass(frozen=True)
class Published:
    """What a room publishes: an address, and those under which the same stands in the folder: a page that needs a
    server gives way to one that needs none.
    """

    address: str
    instead_of: tuple[str, ...] = ()


def published(now: datetime) -> Iterator[Published]:
    """What all rooms publish."""
    for brought in gather("published", "published"):
        yield from brought(now)


def file_of(address: str) -> str:
    """The file, below the folder, in which an address lies. Names that a file system or a browser would read otherwise
    are told by a digest.
    """
    parts = [_safe(unquote(part)) for part in urlsplit(address).path.split("/")[1:]]
    return "/".join([*parts[:-1], parts[-1] or "index.html"])


def _safe(name: str) -> str:
    is_plain = name not in (".", "..") and len(name.encode()) <= _LONGEST_NAME and not _UNSAFE.search(name)
    return name if is_plain else f"~{hashlib.sha256(name.encode()).hexdigest()[:24]}"


class Asking:
    """Asks the application for addresses, as nobody."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()

    def ask(self, address: str) -> HttpResponse:
        """The answer to one address. Raises CannotExport where it is not 200."""
        parts = urlsplit(address)
        host = next((one.removeprefix(".") for one in settings.ALLOWED_HOSTS if one != "*"), "localhost")
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": unquote(parts.path).encode().decode("latin-1"),
            "QUERY_STRING": parts.query,
            "SERVER_NAME": host,
            "SERVER_PORT": "443" if settings.HTTPS else "80",
            "HTTP_HOST": host,
            "REMOTE_ADDR": "127.0.0.1",
            "wsgi.url_scheme": "https" if settings.HTTPS else "http",
            "wsgi.input": io.BytesIO(),
        }
        request = WSGIRequest(environ)
        request.is_shared = True  # type: ignore[attr-defined]  # no token, and no script that needs a server
        answer = self.handler.get_response(request)
        if answer.status_code != 200 or not isinstance(answer, HttpResponse):
            raise CannotExport(f"{address} 现在打不开（{answer.status_code}），没有导出；原来的文件夹没有动")
        return answer


def export_site(folder: Path, now: datetime) -> int:
    """Writes all of it, and puts it in the place of what stood there in one step. Returns how many files."""
    folder = folder.absolute()
    _check(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        count = _write(made, now)
        os.chmod(made, 0o755)  # noqa: S103  (a web server reads it)
        swap_folders(made, folder)
    except OSError as error:
        raise CannotExport(f"写不到 {folder}：{error.strerror}") from error
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return count


def _check(folder: Path) -> None:
    """Only what is empty, or an earlier export, is replaced."""
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise CannotExport(f"{folder} 不是文件夹，请另写一个")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise CannotExport(f"{folder} 里有别的文件，不是以前导出的公众页；请另写一个文件夹，免得把它们换掉")


def _write(folder: Path, now: datetime) -> int:
    pages = list(published(now))
    files = {address: file_of(address) for one in pages for address in (one.address, *one.instead_of)}
    asking, assets = Asking(), set[str]()
    for one in pages:
        answer = asking.ask(one.address)
        is_page = answer.headers["Content-Type"].startswith("text/html")
        for address in (one.address, *one.instead_of):
            content = answer.content
            if is_page:
                content = Links(address, files, assets).relative(content.decode()).encode()
            _put(folder / files[address], content)
    for path in assets:
        found = finders.find(path)
        if not isinstance(found, str):
            raise CannotExport(f"缺少页面要用的文件 {path}")
        _put(folder / "static" / path, Path(found).read_bytes())
    count = len(set(files.values())) + len(assets)
    mark = {"made_at": now.isoformat(), "site": settings.PUBLIC_SITE, "files": count}
    _put(folder / MARK, json.dumps(mark).encode())
    return count


def _put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


class Links:
    """The links of one page: to what is in the folder by the way from here; to what is not, to the served site."""

    def __init__(self, here: str, files: dict[str, str], assets: set[str]) -> None:
        self.here, self.files, self.assets = here, files, assets

    def relative(self, page: str) -> str:
        """The page with its links as they hold in the folder."""
        return _LINK.sub(lambda found: f'{found[1]}="{html.escape(self._one(html.unescape(found[2])))}"', page)

    def _one(self, link: str) -> str:
        if link.startswith("?") or not link:
            return f"{settings.SITE}{self.here}{link}"
        if not link.startswith("/") or link.startswith("//"):
            return link
        parts = urlsplit(link)
        end = (f"?{parts.query}" if parts.query else "") + (f"#{parts.fragment}" if parts.fragment else "")
        if parts.path.startswith(settings.STATIC_URL):
            path = unquote(parts.path.removeprefix(settings.STATIC_URL))
            self.assets.add(path)
            return self._way_to(f"static/{path}") + end
        if parts.path in self.files and not parts.query:
            return self._way_to(self.files[parts.path]) + end
        return f"{settings.SITE}{link}"

    def _way_to(self, file: str) -> str:
        return quote(posixpath.relpath(file, posixpath.dirname(self.files[self.here]) or "."))
