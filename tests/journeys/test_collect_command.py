"""From an address typed by a clerk to the look that a page of log-in leaves."""

from __future__ import annotations

import ipaddress
import json
from typing import Any

import pytest

from tests.cast import build_city
from xinmei.collectors.tests.site import LOGIN, Site, serve
from xinmei.commands import collect
from xinmei.commands.arguments import Parser, UsageError
from xinmei.registry.models import Look


@pytest.mark.django_db
def test_the_command_remembers_an_address_and_prints_a_line_a_look(
    settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    build_city()
    settings.FETCH_ALLOW = (ipaddress.ip_network("127.0.0.0/8"),)
    parser = Parser(prog="collect")
    collect.add_arguments(parser)
    with serve() as site:
        Site.pages["/feed"] = (200, LOGIN, {})
        assert collect.run(parser.parse_args(["--account", "DH-1", "--address", f"{site}/feed", "--json"])) == 1
        assert collect.run(parser.parse_args(["--json"])) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(row["account"], row["outcome"], row["created"]) for row in rows] == [("DH-1", "failed", 0)] * 2
    assert Look.objects.count() == 2


@pytest.mark.django_db
@pytest.mark.parametrize("words", [["--account", "nobody"], ["--address", "http://x"], ["--at", "2099-01-01"], []])
def test_wrong_use_says_what_to_do(words: list[str]) -> None:
    parser = Parser(prog="collect")
    collect.add_arguments(parser)
    with pytest.raises(UsageError, match=r"[\u4e00-\u9fff]"):
        collect.run(parser.parse_args(words))
