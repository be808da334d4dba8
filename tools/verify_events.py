#!/usr/bin/env python3
"""Verifies the event log of xinmei by itself: Python 3.9 or newer with OpenSSL's SM3, nothing else (checkpoints need
`cryptography` too).

    python3 verify_events.py xinmei.sqlite3 [--checkpoints checkpoints.jsonl --key checkpoint_key.pub]
    python3 verify_events.py events.jsonl   [--checkpoints …]

The .jsonl has one event a line with the columns of the table people_event, in their order of number: from PostgreSQL by
    psql -Atc "SELECT row_to_json(e) FROM people_event e ORDER BY number" > events.jsonl

Events are sealed into the chain within seconds after they are committed. Those without a number are not sealed yet:
how many, and how old the oldest is, is said; one that has waited for more than a minute (--window) counts as wrong.

An event's digest is SM3 (GB/T 32905) over a JSON list, without blanks and with text as UTF-8, of: number, moment (UTC,
microseconds), actor, post, unit, address, verb, kind and number of the object, content, digest of the event before (64
zeros for the first). Exit status: 0 whole, 1 broken or not sealed in time, 2 wrong use. Written apart from the
application on purpose: it shares no line with what it verifies.
"""

import argparse
import datetime
import hashlib
import json
import sqlite3
import sys

COLUMNS = (
    "number",
    "at",
    "actor",
    "post",
    "unit",
    "address",
    "verb",
    "object_kind",
    "object_id",
    "content",
    "previous",
    "digest",
)


def read_database(path):
    """Rows of an SQLite file, opened for reading only."""
    connection = sqlite3.connect("file:{}?mode=ro".format(path.replace("?", "%3f").replace("#", "%23")), uri=True)
    there = {row[1] for row in connection.execute("PRAGMA table_info(people_event)")}
    written = "written_at" if "written_at" in there else "NULL"
    yield from connection.execute(
        "SELECT {}, {} FROM people_event ORDER BY number IS NULL, number".format(", ".join(COLUMNS), written)
    )


def read_lines(path):
    """Rows of an exported file, in its order."""
    with open(path, encoding="utf-8") as file:
        for line in file:
            if line.strip():
                row = json.loads(line)
                yield (*(row[column] for column in COLUMNS), row.get("written_at"))


def canonical_moment(text):
    """UTC with microseconds. SQLite keeps UTC without an offset; PostgreSQL writes offsets as +08:00 or +08."""
    text = text.replace(" ", "T").replace("Z", "+00:00")
    clock = text.partition("T")[2]
    if len(clock) > 3 and clock[-3] in "+-":
        text += ":00"
    whole, dot, rest = text.partition(".")
    if dot:
        digits = len(rest) - len(rest.lstrip("0123456789"))
        text = "{}.{}{}".format(whole, rest[:digits].ljust(6, "0"), rest[digits:])
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=datetime.UTC)
    return moment.astimezone(datetime.UTC).isoformat(timespec="microseconds")


def read_checkpoints(path, key_path):
    """The digests that checkpoints give for a number.

    Complaints name lines that are broken or not signed by the key.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    with open(key_path, "rb") as file:
        key = load_pem_public_key(file.read())
    marks, complaints = {}, []
    with open(path, encoding="utf-8", errors="replace") as file:
        for place, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                signed = json.dumps([row["number"], row["digest"], row["at"]], separators=(",", ":")).encode()
                key.verify(bytes.fromhex(row["signature"]), signed)
            except (ValueError, KeyError, TypeError, InvalidSignature):
                complaints.append(f"检查点文件第 {place} 行残缺，或不是用这把钥匙签的")
            else:
                marks.setdefault(row["number"], set()).add(row["digest"])
    return marks, complaints


def verify(rows, marks, tail):
    """Yields every complaint. The last thing yielded is the number of sealed events, as an int.

    `tail` receives, for each event that is not sealed yet, when it was written (None where that is not known).
    """
    previous, expected, count = "0" * 64, 1, 0
    for row in rows:
        number, stored = row[0], row[11]
        if number is None:
            tail.append(row[12])
            continue
        if number != expected:
            yield f"第 {number} 条：序号应为 {expected}，有记录被删除、插入或调换"
        if row[10] != previous:
            yield f"第 {number} 条：与前一条的摘要不相接"
        try:
            fields = [number, canonical_moment(row[1]), *row[2:11]]
            text = json.dumps(fields, ensure_ascii=False, separators=(",", ":")).encode()
            is_whole = hashlib.new("sm3", text).hexdigest() == stored
        except ValueError:
            is_whole = False
        if not is_whole:
            yield f"第 {number} 条：内容与摘要不符，记录被改动"
        if marks.pop(number, {stored}) != {stored}:
            yield f"第 {number} 条：与当时签名的检查点不符，链条被整体改写"
        previous, expected, count = stored, (number if isinstance(number, int) else expected) + 1, count + 1
    for number in sorted(marks):
        yield f"第 {number} 条：检查点记有这一条，库中没有，尾部被截去"
    yield count


def say_tail(tail, now, window):
    """How many events are not sealed yet and how old the oldest is, as a sentence; and whether that is too old."""
    moments = [datetime.datetime.fromisoformat(canonical_moment(text)) for text in tail if text]
    age = max((now - min(moments)).total_seconds(), 0) if moments else 0
    said = f"另有 {len(tail)} 条尚未封存，最早的写入已 {age:.0f} 秒"
    return (f"{said}：超过 {window} 秒，封存已停" if age > window else said), age > window


def main():
    """Reads the arguments, prints what is wrong (fifty lines at most), and reports how it ends."""
    parser = argparse.ArgumentParser(description="校验政务新媒体管理平台的操作留痕")
    parser.add_argument("file", help="SQLite 库文件，或导出的 .jsonl")
    parser.add_argument("--checkpoints", help="签名检查点文件")
    parser.add_argument("--key", help="检查点公钥（checkpoint_key.pub）")
    parser.add_argument("--window", type=int, default=60, help="封存允许的秒数；导出的文件以导出时为准，可放宽")
    options = parser.parse_args()
    if bool(options.checkpoints) != bool(options.key):
        parser.error("--checkpoints 与 --key 要一起给出")
    marks, complaints = read_checkpoints(options.checkpoints, options.key) if options.checkpoints else ({}, [])
    rows = read_lines(options.file) if options.file.endswith(".jsonl") else read_database(options.file)
    count, wrong, tail = 0, 0, []
    for said in [*complaints, *verify(rows, marks, tail)]:
        if isinstance(said, int):
            count = said
        else:
            wrong += 1
            if wrong <= 50:
                print(said)
    ending = f"有 {wrong} 处不对" if wrong else "链条完整"
    print(f"共 {count} 条留痕：{ending}")
    late = False
    if tail:
        said, late = say_tail(tail, datetime.datetime.now(datetime.UTC), options.window)
        print(said)
    return 1 if wrong or late else 0


if __name__ == "__main__":
    sys.exit(main())
