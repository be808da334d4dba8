"""Malformed uploads: bombs, damaged archives, tables with every kind of wrong cell, names that lead elsewhere."""

from __future__ import annotations

import io
import zipfile
from functools import cache


def _zip(**entries: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(
                name.replace("__", "/").replace("_csv", ".csv").replace("_jsonl", ".jsonl").replace("_xml", ".xml"),
                data,
            )
    return file.getvalue()


@cache
def files() -> tuple[tuple[str, bytes], ...]:
    """Uploads: bombs, damaged archives, tables with every kind of wrong cell, names that lead elsewhere."""
    units = "code,name,kind,parent,cohort\nZ1,\x00名,city,,\nZ2,名,county,Z2,\nZ3,名,nonsense,Z9,x\n".encode()
    posts = (
        b'{"id": "x\\u0000", "account": "DH-1", "published_at": "9999-12-31T23:59:59+08:00", '
        b'"title": "\\ud800", "text": "t"}\n[1]\n' + b"[" * 50_000
    )
    numbers = (
        b'{"id": "n", "account": "DH-1", "published_at": "2026-05-01T08:00:00+08:00", '
        b'"reads": 1e999, "byline": {"drafter": 1}}\n'
    )
    bomb = _zip(posts_jsonl=b"\x00" * 30_000_000)
    sound = _zip(units_csv=units, posts_jsonl=posts)
    entity = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        b"<workbook>&b;</workbook>"
    )
    workbook = {"[Content_Types]_xml": b"<x/>", "xl__workbook_xml": entity, "xl__worksheets__sheet1_xml": entity}
    damaged = bytearray(sound)
    damaged[40:60] = b"\xff" * 20
    many = _zip(**{f"f{n}_csv": b"" for n in range(1_100)})
    outside = io.BytesIO()
    with zipfile.ZipFile(outside, "w") as archive:
        archive.writestr("../../units.csv", units)
        archive.writestr("/etc/passwd", b"x")
        archive.writestr("a\\..\\b.csv", b"x")
    contents = (
        b"",
        b"PK\x03\x04",
        sound,
        sound[:-30],
        bytes(damaged),
        bomb,
        many,
        outside.getvalue(),
        _zip(**workbook),
    )
    contents += (
        _zip(posts_jsonl=numbers),
        _zip(units_csv=b"\xff\xfe\x00"),
        _zip(units_csv=b'code,"name\n'),
        _zip(looks_csv=b"a,b\n"),
        b"\x89PNG" * 10,
        numbers,
    )
    names = (
        "a.zip",
        "a.xlsx",
        "a.ZIP",
        "文.zip",
        "a.zip.exe",
        "\x00.zip",
        "../a.xlsx",
        "a" * 300 + ".zip",
        ".xlsx",
        "a.png",
    )
    return tuple((name, content) for content in contents for name in names[:3]) + tuple(
        (name, sound) for name in names[3:]
    )
