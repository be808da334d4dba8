"""The register in the form of the national system: one workbook, one sheet a unit."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby

import xlsxwriter
from xlsxwriter.workbook import Workbook

from xinmei.core.upstream.rules import Upstream, upstream
from xinmei.registry.accounts.forms import masked_phone
from xinmei.registry.models import Account

# What a spreadsheet program allows in the name of a sheet.
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
LONGEST_NAME = 31
HEADER_ROW = 3


def said_there(account: Account, holds: str, rules: Upstream, *, masked: bool) -> str:
    """What a column of the form says of an account."""
    if holds == "platform":
        return platform_there(account.platform, account.kind, rules)
    said = {
        "name": account.name,
        "url": account.url or "无",
        "followers": _in_ten_thousands(account.followers),
        "verified": "是" if account.verification else "",
        "unit": account.unit.name,
        "contact": account.contact,
        "phone": masked_phone(account) if masked else account.phone,
        "duties": "、".join(account.unit.duties),
    }
    return said.get(holds, "")


def platform_there(platform: str, kind: str, rules: Upstream) -> str:
    """The word that other systems have for a platform, with its kind where there is one for it."""
    words = {told: word for word, told in reversed(list(rules.platforms.items()))}
    return words.get((platform, kind)) or words.get((platform, "")) or Account.Platform(platform).label


def _in_ten_thousands(followers: int | None) -> str:
    return "" if followers is None else f"{(Decimal(followers) / 10_000).quantize(Decimal('0.0001')).normalize():f}"


def write_form(accounts: Iterable[Account], *, masked: bool) -> bytes:
    """The workbook. The accounts come unit by unit, each with its unit; `masked`: phones are."""
    rules, file, names = upstream(), io.BytesIO(), set[str]()
    book = xlsxwriter.Workbook(file, {"strings_to_formulas": False, "strings_to_urls": False})
    for unit, of_unit in groupby(accounts, key=lambda account: account.unit):
        _write_unit(book, _sheet_name(unit.name, names), unit.name, list(of_unit), rules, masked=masked)
    if not names:
        book.add_worksheet("说明").write_string(0, 0, "没有在用的账号")
    book.close()
    return file.getvalue()


def _write_unit(
    book: Workbook, sheet_name: str, unit: str, accounts: list[Account], rules: Upstream, *, masked: bool
) -> None:
    sheet = book.add_worksheet(sheet_name)
    strong = book.add_format({"bold": True, "border": 1, "align": "center", "text_wrap": True})
    title = book.add_format({"bold": True, "align": "center", "font_size": 16})
    plain = book.add_format({"border": 1, "num_format": "@", "text_wrap": True})
    columns = rules.form_columns
    sheet.merge_range(0, 0, 0, len(columns) - 1, rules.form_title, title)
    for place, label in enumerate(rules.form_head):
        sheet.write_string(1, 2 * place, label)
        sheet.write_string(1, 2 * place + 1, unit if place == 0 else "")
    sheet.set_column(0, 0, 6)
    sheet.set_column(1, len(columns) - 1, 18)
    for place, column in enumerate(columns):
        sheet.write_string(HEADER_ROW, place, column.header, strong)
    for number, account in enumerate(accounts, 1):
        for place, column in enumerate(columns):
            is_number = column.holds == "number"
            said = str(number) if is_number else said_there(account, column.holds, rules, masked=masked)
            sheet.write_string(HEADER_ROW + number, place, said, plain)


def _sheet_name(unit: str, names: set[str]) -> str:
    """The unit's name as far as a sheet can be called so, each once."""
    base = _FORBIDDEN.sub(" ", unit).strip()[:LONGEST_NAME] or "单位"
    name, number = base, 1
    while name.casefold() in names:
        number += 1
        ending = f"（{number}）"
        name = base[: LONGEST_NAME - len(ending)] + ending
    names.add(name.casefold())
    return name
