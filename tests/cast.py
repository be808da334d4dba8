"""The same few units, accounts and people in every test. 澄州市 is no real city.

    澄州市 (CZ) ── 东湖县 (DH) ── 桃源镇 (DH-TY), 东湖县教育局 (DH-JY, system of 市教育局)
               ├─ 高新区 (GX, zone)
               ├─ 市教育局 (JY, department; supervises the system of education) ── 宣传科 (JY-XC, internal office)
               └─ 市水务局 (SW, department)

`build_city()` makes units and accounts, `build_people()` one person for every position;
`sign_in(client, person)` logs a test client in.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.test import Client

from xinmei.core.calendar import SHANGHAI
from xinmei.files.keeping import keep
from xinmei.files.models import StoredFile
from xinmei.people.events import Acting
from xinmei.people.models import Person, PositionHeld
from xinmei.registry.models import Account
from xinmei.units.models import Unit

OPENED = date(2022, 3, 1)
SINCE = date(2024, 1, 1)
NOW = datetime(2026, 5, 12, 10, 0, tzinfo=SHANGHAI)  # a Tuesday that is worked

# By code: (name, kind, parent, cohort, vertical system)
UNITS = {
    "CZ": ("澄州市", "city", None, "", None),
    "DH": ("东湖县", "county", "CZ", "counties", None),
    "GX": ("高新区", "zone", "CZ", "counties", None),
    "JY": ("市教育局", "department", "CZ", "departments", None),
    "SW": ("市水务局", "department", "CZ", "departments", None),
    "DH-TY": ("桃源镇", "town", "DH", "", None),
    "DH-JY": ("东湖县教育局", "department", "DH", "", "JY"),
    "JY-XC": ("宣传科", "internal_office", "JY", "", None),
}
# By code: (unit, platform, kind, name)
ACCOUNTS = {
    "CZ-1": ("CZ", "wechat", "subscription", "澄州发布"),
    "DH-1": ("DH", "wechat", "subscription", "东湖发布"),
    "GX-1": ("GX", "weibo", "", "高新发布"),
    "JY-1": ("JY", "wechat", "service", "澄州教育"),
    "SW-1": ("SW", "wechat", "subscription", "澄州水务"),
    "TY-1": ("DH-TY", "wechat", "subscription", "桃源之声"),
    "DHJY-1": ("DH-JY", "wechat", "subscription", "东湖教育"),
}
# By log-in name: (name, unit, post)
PEOPLE = {
    "bian": ("卞小编", "DH", "editor"),
    "shen": ("申科长", "DH", "section_head"),
    "qian": ("钱局长", "DH", "leader"),
    "guan": ("管理员甲", "DH", "unit_admin"),
    "zhen": ("甄小编", "DH-TY", "editor"),
    "lin": ("林小编", "SW", "editor"),
    "zhu": ("朱主管", "DH", "supervisor"),
    "jiao": ("焦主管", "JY", "supervisor"),
    "cha": ("查检查", "CZ", "inspector"),
    "tan": ("谭检查", "CZ", "inspector"),
    "tou": ("头负责", "CZ", "inspector_head"),
    "wang": ("王网信", "DH", "observer"),
    "xi": ("席系统", "CZ", "system_admin"),
    "an": ("安安全", "CZ", "security_admin"),
    "ji": ("季审计", "CZ", "audit_admin"),
}


@dataclass
class City:
    """What was made, by code and by log-in name."""

    units: dict[str, Unit] = field(default_factory=dict)
    accounts: dict[str, Account] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)


def build_city() -> City:
    """The units and their accounts, all in service since 2022-03-01 and filed; no people."""
    city = City()
    for place, (code, (name, kind, parent, cohort, system)) in enumerate(UNITS.items(), start=1):
        above = city.units[parent] if parent else None
        city.units[code] = Unit.objects.create(
            code=code,
            name=name,
            kind=kind,
            parent=above,
            cohort=cohort,
            vertical_system=city.units[system] if system else None,
            path=f"{above.path if above else '/'}{place:08d}/",
        )
    for code, (unit, platform, account_kind, name) in ACCOUNTS.items():
        city.accounts[code] = make_account(code, city.units[unit], platform=platform, kind=account_kind, name=name)
    return city


def make_account(code: str, unit: Unit, **fields: object) -> Account:
    """An account in service since 2022-03-01, filed everywhere, named after its unit; `fields` say what differs."""
    usual: dict[str, object] = {
        "platform": "wechat",
        "kind": "subscription",
        "name": f"{unit.name}发布",
        "verification": unit.name,
        "opened_on": OPENED,
        "status": "active",
        "filed_city_on": OPENED,
        "filed_national_on": OPENED,
        "filed_provincial_on": OPENED,
        "contact": "李联系",
        "phone": "13900001234",
    }
    return Account.objects.create(code=code, unit=unit, **(usual | fields))


def build_people(city: City) -> City:
    """Makes one person for every position (two for some), held since 2024-01-01. Nobody has a password yet."""
    for login, (name, unit, position) in PEOPLE.items():
        city.people[login] = make_person(login, name, city.units[unit], position)
    return city


def make_person(
    login: str,
    name: str,
    unit: Unit | None = None,
    position: str = "",
    *,
    since: date = SINCE,
    until: date | None = None,
) -> Person:
    """A person, holding a post where one is named."""
    person = Person(
        login=login, name=name, must_change_password=False, phone="13800005678", email=f"{login}@example.cn"
    )
    person.set_unusable_password()
    person.save()
    if unit is not None:
        PositionHeld.objects.create(person=person, unit=unit, position=position, starts_on=since, ends_on=until)
    return person


def act_as(city: City, login: str, at: datetime = NOW) -> Acting:
    """The person as the holder of their first post at `at`."""
    from xinmei.people.doors import actings_of

    return actings_of(city.people[login], at)[0]


def act(verb: str, on: object = (), /, *, by: Acting | str, at: datetime = NOW, **given: object) -> Any:
    """Performs a declared act; `by` is a position, or a log-in name of which the first position that may acts.

    The object after it.
    """
    from xinmei.acts.declared import verbs
    from xinmei.acts.performing import perform
    from xinmei.people.doors import actings_by_login

    actings = actings_by_login(by, at) if isinstance(by, str) else by
    done = perform(verbs()[verb], on if isinstance(on, list | tuple) else [on], by=actings, at=at, given=given)
    return done.objects if isinstance(on, list) else done.one


def keep_file(data: bytes, at: datetime = NOW) -> StoredFile:
    """A file in the store, as an act keeps it."""
    with transaction.atomic():
        return keep(data, at)


def sign_in(client: Client, person: Person) -> Client:
    """Logs a test client in without password and second factor, as if both had been given."""
    client.force_login(person)
    session = client.session
    session["second_factor"] = True
    session.save()
    return client
