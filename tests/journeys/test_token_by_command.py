"""`xinmei people token`: the operator makes a token for a program, in one position of a person."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator

import pytest
import time_machine

from tests.cast import NOW, City, build_city, build_people
from xinmei.commands import people as command
from xinmei.commands.arguments import UsageError
from xinmei.core.refusals import NotYours
from xinmei.people.bearing import bear

pytestmark = pytest.mark.django_db


@pytest.fixture
def city() -> Iterator[City]:
    with time_machine.travel(NOW, tick=False):
        yield build_people(build_city())


def run(capsys, *words: str) -> tuple[int, str]:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    status = command.run(parser.parse_args(["token", *words]))
    return status, capsys.readouterr().out


def test_the_operator_prints_one_for_a_position(city: City, capsys) -> None:
    status, said = run(capsys, "guan", "--as", "unit_admin@DH", "--days", "7", "--json")
    answer = json.loads(said)
    assert (status, set(answer), answer["ends"]) == (0, {"token", "ends"}, "2026-05-19T10:00:00+08:00")
    assert bear(answer["token"], "203.0.113.5", NOW).position == "unit_admin"


def test_what_makes_no_sense_is_refused(city: City, capsys) -> None:
    assert run(capsys, "guan", "--as", "unit_admin")[0] == 1
    assert run(capsys, "guan", "--as", "unit_admin@DH", "--days", "400")[0] == 1
    with pytest.raises(NotYours, match="不担任岗位 editor@DH"):
        run(capsys, "guan", "--as", "editor@DH")
    with pytest.raises(NotYours, match="无权使用程序令牌"):
        run(capsys, "xi", "--as", "system_admin@CZ")
    with pytest.raises(UsageError):
        run(capsys, "guan", "--as", "unit_admin@DH", "--days", "ten")
