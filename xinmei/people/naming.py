"""Names of the people who acted, where a row keeps their log-in names."""

from __future__ import annotations

from collections.abc import Iterable

from xinmei.people.models import Person


def name_people(logins: Iterable[str]) -> dict[str, str]:
    """The name of each log-in name; where nobody has it (a database without people), what was written."""
    wanted = {login for login in logins if login}
    return {login: login for login in wanted} | dict(
        Person.objects.filter(login__in=wanted).values_list("login", "name")
    )
