"""What spreadsheet programs do to what people type: read where nothing is lost, else refused with the cause."""

from __future__ import annotations

import re

from xinmei.collectors.bundle.faults import Fault, show
from xinmei.core.spreadsheets.blanks import CONSTANT, strip_blanks

SCIENTIFIC = re.compile(r"(\d)(?:\.(\d+))?E\+(\d{1,3})", re.IGNORECASE)
ZEROS = re.compile(r"(\d{1,15})\.0+")
APOSTROPHE = re.compile(r"['\u2018\u2019]([0-9A-Za-z].*)")
GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+")
BROKEN = re.compile(r"#(?:REF!|N/A|NAME\?|VALUE!|DIV/0!|NULL!|NUM!|SPILL!)|#{3,}", re.IGNORECASE)
MIDNIGHT = re.compile(r"(.*\d日?)\s+0?0:00(?::00)?")
SERIAL = re.compile(r"[34]\d{4}(?:\.\d+)?")


def unwrap(text: str) -> str:
    """What was typed into a cell, without blanks at its ends and without what a spreadsheet program put around it."""
    text = strip_blanks(text)
    if found := CONSTANT.fullmatch(text):
        text = strip_blanks(found[1].replace('""', '"'))
    if BROKEN.fullmatch(text):
        raise Fault(f"写的是 {show(text)}，是表格软件的错误值或列太窄时的显示，不是内容；请填写内容本身")
    return text


def read_digits(text: str) -> str:
    """A number used as a name (code, telephone): its digits as they were typed. Raises Fault where some are lost."""
    text = unwrap(text)
    if found := APOSTROPHE.fullmatch(text):
        text = found[1]
    if found := ZEROS.fullmatch(text):
        return found[1]
    if found := SCIENTIFIC.fullmatch(text):
        whole, fraction, power = found[1], found[2] or "", int(found[3])
        if len(fraction) < power:
            raise Fault(
                f"写的是 {show(text)}，是表格软件的科学计数法，后面的数字已经丢失；请把这一列设为文本格式，重新填写"
            )
        if not fraction[power:].strip("0"):
            return whole + fraction[:power]
    return text


def read_count(text: str) -> str:
    """A number that counts: commas between thousands are left out."""
    text = read_digits(text)
    return text.replace(",", "") if GROUPED.fullmatch(text) else text


def read_day(text: str) -> str:
    """A day, without the midnight that a program added. Raises Fault where it is the number of a day."""
    text = unwrap(text)
    if found := MIDNIGHT.fullmatch(text):
        return found[1]
    if SERIAL.fullmatch(text):
        raise Fault(f"写的是 {show(text)}，像是表格软件的日期序号；请把这一列设为日期格式，如 2026-01-05")
    return text


# --- headers

STARS = re.compile(r"^[\s*＊★※]+|[\s*＊★※]+$|[(（](?:必填|选填|可选|\*)[)）]")


def explain_header(cell: str, header: list[str], known: frozenset[str] | set[str]) -> str | None:
    """Why a header is not known, where the cause can be seen: a star, a title."""
    bare = STARS.sub("", strip_blanks(cell))
    if bare in known:
        return f"表头 {show(cell)} 带了星号或“必填”一类的说明，请去掉，只写“{bare}”"
    if sum(bool(strip_blanks(other)) for other in header) == 1:
        return f"第 1 行 {show(cell)} 像是标题，不是表头；表头应在第 1 行，请删去标题行"
    return None
