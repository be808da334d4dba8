"""Takes the table of people: each row is a post held.

A new person gets a password that opens nothing.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from xinmei.collectors.bundle import write
from xinmei.collectors.bundle.kinds import ABSENT
from xinmei.collectors.bundle.load import Load
from xinmei.collectors.bundle.rows import Row
from xinmei.collectors.bundle.table import Table
from xinmei.people.models import Person, PostHeld
from xinmei.people.models import Post as HeldPost
from xinmei.registry.models import Unit

LOGIN, NAME, UNIT, POST, FROM, TO, PHONE, EMAIL = range(8)
ADMINISTRATORS = {HeldPost.SYSTEM_ADMIN, HeldPost.SECURITY_ADMIN, HeldPost.AUDIT_ADMIN}
OF_THE_CITY = ADMINISTRATORS | {HeldPost.INSPECTOR, HeldPost.INSPECTOR_HEAD}
Span = tuple[str, date, date | None]


class PeopleLoad:
    """The people of one import. All are in memory, because they are few."""

    def __init__(self, load: Load, table: Table) -> None:
        self.load = load
        self.table = table
        self.persons: dict[str, list[Any]] = {}
        self.ids: dict[str, int] = {}
        for pk, *details in Person.objects.values_list("pk", "login", "name", "phone", "email"):
            self.ids[details[0]] = pk
            self.persons[details[0]] = details
        logins = {pk: login for login, pk in self.ids.items()}
        self.held: dict[tuple[str, int, str, date], tuple[int, date | None]] = {}
        self.spans: dict[str, dict[tuple[int, str, date], Span]] = {}
        for pk, person, unit, post, starts_on, ends_on in PostHeld.objects.values_list(
            "pk", "person", "unit", "post", "starts_on", "ends_on"
        ):
            self.held[logins[person], unit, post, starts_on] = (pk, ends_on)
            self.spans.setdefault(logins[person], {})[unit, post, starts_on] = (post, starts_on, ends_on)
        self.cities = set(Unit.objects.filter(kind=Unit.Kind.CITY).values_list("pk", flat=True))
        self.seen: dict[str, list[Any]] = {}
        self.posts: list[list[Any]] = []

    def take(self, row: Row) -> None:
        """Takes one row, or refuses it."""
        if not self.load.resolve(self.table, row, {}):
            return
        values = self.load.known.with_keys(self.table, row.values)
        login, unit, post, starts_on = values[LOGIN], values[UNIT], values[POST], values[FROM]
        held = self.held.get((login, unit, post, starts_on))
        person = self.persons.get(login) or ["", "", "", ""]
        result = [
            login,
            values[NAME],
            *(old if new is ABSENT else new for new, old in ((values[PHONE], person[2]), (values[EMAIL], person[3]))),
        ]
        ends_on = (held[1] if held else None) if values[TO] is ABSENT else values[TO]
        span = (post, starts_on, ends_on)
        fault = self.find_fault(result, unit, span)
        if not self.load.may_touch(self.table, unit):
            self.load.refuse_out_of_reach(self.table, row)
        elif fault:
            self.load.refuse(self.table, row, *fault)
        else:
            counts = self.load.counts
            changed = held is not None and (held[1] != ends_on or person != result)
            outcome = counts.created if held is None else counts.updated if changed else counts.unchanged
            outcome[self.table.name] += 1
            self.seen[login] = self.persons[login] = result
            self.spans.setdefault(login, {})[unit, post, starts_on] = span
            self.posts.append([login, unit, post, starts_on, ends_on, held])

    def find_fault(self, person: list[Any], unit: int, span: Span) -> tuple[str, str] | None:
        """The column and the Chinese reason why a post cannot be held so."""
        post, starts_on, ends_on = span
        if ends_on is not None and ends_on < starts_on:
            return "to", f"最后一天 {ends_on} 早于第一天 {starts_on}"
        if post in OF_THE_CITY and unit not in self.cities:
            return "post", f"{HeldPost(post).label}只能设在市一级单位（类型为 city）"
        before = self.seen.get(person[0])
        if before is not None:
            for name, old, new in zip(("name", "phone", "email"), before[1:], person[1:], strict=True):
                if old != new:
                    return name, "同一个登录名在这个包里前后写得不一样，一个人各行应相同"
        for other in self.spans.get(person[0], {}).values():
            if other[0] != post and (post in ADMINISTRATORS or other[0] in ADMINISTRATORS) and _overlap(span, other):
                return "post", f"系统、安全、审计管理员不能兼任其他岗位，此人同时任{HeldPost(other[0]).label}"
        return None

    def put(self) -> None:
        """Writes persons, then what they hold."""
        new = []
        for login, (_, name, phone, email) in self.seen.items():
            if login not in self.ids:
                person = Person(login=login, name=name, phone=phone, email=email)
                person.set_unusable_password()
                new.append(person)
        Person.objects.bulk_create(new)
        write.update(
            Person,
            ["name", "phone", "email"],
            [[*person[1:], self.ids[login]] for login, person in self.seen.items() if login in self.ids],
        )
        self.ids = dict(Person.objects.values_list("login", "pk"))
        fields = ["person", "unit", "post", "starts_on", "ends_on"]
        write.insert(
            PostHeld, fields, [[self.ids[login], *post[:-1]] for login, *post in self.posts if post[-1] is None]
        )
        write.update(
            PostHeld,
            ["ends_on"],
            [[ends_on, held[0]] for *_, ends_on, held in self.posts if held is not None and held[1] != ends_on],
        )


def _overlap(one: Span, other: Span) -> bool:
    return one[1] <= (other[2] or date.max) and other[1] <= (one[2] or date.max)


def load_people(load: Load, table: Table) -> None:
    """Takes the table of people."""
    people = PeopleLoad(load, table)
    for row in load.sound_rows(table):
        people.take(row)
    people.put()
