"""`xinmei export BUNDLE`: writes the facts of the database as an exchange bundle, or an empty template to fill in.

`xinmei export --national FILE.xlsx` writes the register in the form of the national system,
`xinmei export --public FOLDER` the public pages as files for any web server.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from xinmei.commands.arguments import UsageError, add_json, print_json, say

HELP = "导出交换包（文件夹、.zip 或 .xlsx），或一份待填的 .xlsx 模板"
NEEDS_DATABASE = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to write, and whether people are included."""
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, nargs="?", help="新文件夹，或以 .zip、.xlsx 结尾的文件")
    parser.add_argument(
        "--national", metavar="FILE.xlsx", type=Path, help="把在用的账号按国家系统的表式写成 .xlsx，一个单位一张表"
    )
    parser.add_argument(
        "--public", metavar="FOLDER", type=Path, help="把公众页（核验、名录、公告、通报，JSON）写成文件夹，整个换上"
    )
    parser.add_argument("--with-people", action="store_true", help="连同人员任职一起导出（默认不导出）")
    parser.add_argument("--template", action="store_true", help="不导出数据，只写一份带下拉列表和说明的 .xlsx 模板")
    add_json(parser)


def run(options: argparse.Namespace) -> int:
    """Exports."""
    if [options.bundle, options.national, options.public].count(None) != 2:
        raise UsageError("写明导出到哪里：交换包 BUNDLE，或 --national FILE.xlsx，或 --public FOLDER，三者之一")
    if options.public is not None:
        return _write_public(options.public, as_json=options.json)
    if options.national is not None:
        return _write_national(options.national, as_json=options.json)
    from xinmei.collectors.bundle.export import ExportFault, export_bundle
    from xinmei.collectors.bundle.workbook import write_template

    try:
        if options.template:
            if options.bundle.suffix != ".xlsx":
                raise UsageError(f"模板写的是 {options.bundle}，文件名应以 .xlsx 结尾")
            write_template(options.bundle)
        else:
            export_bundle(options.bundle, with_people=options.with_people)
    except ExportFault as fault:
        raise UsageError(str(fault)) from None
    if options.json:
        print_json({"bundle": str(options.bundle)})
    else:
        say(f"已写入 {options.bundle}")
    return 0


def _write_national(path: Path, *, as_json: bool) -> int:
    """The accounts in service in the form of the national system, phones in full: it is for the operator."""
    from xinmei.people.events import SYSTEM
    from xinmei.registry.reconciling.doors import accounts_to_register
    from xinmei.registry.reconciling.form import write_form

    if path.suffix != ".xlsx":
        raise UsageError(f"写的是 {path}，文件名应以 .xlsx 结尾")
    path.write_bytes(write_form(accounts_to_register(SYSTEM), masked=False))
    if as_json:
        print_json({"national": str(path)})
    else:
        say(f"已写入 {path}")
    return 0


def _write_public(folder: Path, *, as_json: bool) -> int:
    """The public pages as they are now; what stood in the folder before gives way to them in one step."""
    from django.utils import timezone

    from xinmei.pages.exported import CannotExport, export_site

    try:
        count = export_site(folder, timezone.now())
    except CannotExport as why:
        raise UsageError(str(why)) from None
    if as_json:
        print_json({"public": str(folder), "files": count})
    else:
        say(f"已写入 {folder}：{count} 个文件")
    return 0
