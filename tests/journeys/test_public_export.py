"""`xinmei export --public FOLDER`: the public pages as files say what the served pages say, and no more."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import City, build_city, build_people
from xinmei.__main__ import main
from xinmei.pages.exported import file_of, published
from xinmei.registry.models import Account

pytestmark = pytest.mark.django_db
LINKS = {"href", "src", "action"}
# What only the served page can have: the token and the scripts of somebody who is logged in, a button of theirs.
_SERVED = re.compile(
    r'<meta name="(?:csrf-token|htmx-config)".*?>|<script[^>]*pages/pages\.js[^>]*></script>'
    r'|<button[^>]*data-print.*?</button>| nonce="[^"]*"',
    re.DOTALL,
)


@pytest.fixture
def city() -> City:
    city = build_people(build_city())
    Account.objects.filter(code="DH-1").update(url="https://mp.example.cn/donghu")
    odd = Account.objects.get(code="GX-1")
    odd.code = "GX 1/../号?#"
    odd.save()
    return city


class Said(HTMLParser):
    """What a page says: its words and its elements, links apart; and where its links lead."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.said: list[object] = []
        self.links: list[str] = []
        self.feed(_SERVED.sub("", page))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.said.append((tag, [pair for pair in attrs if pair[0] not in LINKS]))
        self.links += [value or "" for name, value in attrs if name in LINKS]

    def handle_data(self, data: str) -> None:
        if words := " ".join(data.split()):
            self.said.append(words)


def addresses() -> Iterator[tuple[str, str]]:
    for one in published(timezone.now()):
        for address in (one.address, *one.instead_of):
            yield one.address, address


def test_the_folder_says_what_the_pages_say_and_its_links_lead_there(city: City, tmp_path: Path) -> None:
    folder = tmp_path / "公众页"
    assert main(["export", "--public", str(folder)]) == 0
    files = {file_of(address): served for served, address in addresses()}
    lying = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {one for one in lying if not one.startswith("static/")} == {*files, "xinmei-public.json"}
    for file, address in files.items():
        served, written = Client().get(address).content, (folder / file).read_bytes()
        if not file.endswith(".html"):
            assert served == written, file
            continue
        theirs, ours = Said(served.decode()), Said(written.decode())
        assert ours.said == theirs.said, file
        for before, after in zip(theirs.links, ours.links, strict=True):
            assert lies_where_it_should(before, after, folder / file, set(files)), (file, before, after)


def lies_where_it_should(before: str, after: str, here: Path, files: set[str]) -> bool:
    """A link of the served page, and the same link in the folder."""
    if not before.startswith("/"):
        return after in (before, f"http://127.0.0.1:8000/{before}") or before.startswith("?")
    is_here = (not urlsplit(before).query and file_of(before) in files) or before.startswith("/static/")
    if not is_here:
        return after == f"http://127.0.0.1:8000{before}"
    return (here.parent / unquote(urlsplit(after).path)).is_file()


def test_an_export_replaces_an_older_one_whole_and_nothing_else(city: City, tmp_path: Path) -> None:
    folder = tmp_path / "public"
    assert main(["export", "--public", str(folder)]) == 0
    gone = folder / file_of("/public/accounts/JY-1.svg")
    assert gone.is_file()
    Account.objects.get(code="JY-1").delete()
    assert main(["export", "--public", str(folder)]) == 0
    assert not gone.exists()
    assert json.loads((folder / "xinmei-public.json").read_text())["files"] > 20
    assert [path.name for path in tmp_path.iterdir()] == ["public"]
    assert (folder.stat().st_mode & 0o777) == 0o755
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "别动.txt").write_text("x")
    assert main(["export", "--public", str(tmp_path / "mine")]) == 2
    assert [path.name for path in (tmp_path / "mine").iterdir()] == ["别动.txt"]
