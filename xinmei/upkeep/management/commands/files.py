"""`xinmei manage files`: checks, mends, sweeps and moves the files of the store."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from xinmei.files.checking import check
from xinmei.files.models import StoredFile
from xinmei.files.opening import open_store, store
from xinmei.files.stores import Altered, FileFault, Misplaced, Missing, is_sound, verified
from xinmei.files.sweeping import Busy, sweep
from xinmei.upkeep import mirror
from xinmei.upkeep.manifests import Unrecoverable


class Command(BaseCommand):
    """One thing at a time."""

    help = "核对、修补、清理文件，或拷到另一个存放处"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do."""
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--check", action="store_true", help="逐个读出，与存入时的摘要核对；不对的列出，退出码为 1")
        what.add_argument("--mend", action="store_true", help="核对，缺失或被改动的从备份里补回")
        what.add_argument("--sweep", action="store_true", help="清理无人引用满两天的文件")
        what.add_argument(
            "--copy-to", metavar="存放处", help="把全部文件拷到另一个目录或 s3://桶名/前缀；可反复运行，只拷新的"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Prints what was done. Fails where a file is not as it was kept."""
        try:
            if options["sweep"]:
                swept, lost = sweep(timezone.now())
                self.stdout.write(f"清理无人引用的文件 {swept} 个，没有登记的 {lost} 个。")
            elif options["copy_to"]:
                self._copy(options["copy_to"])
            else:
                self._check(mend=options["mend"])
        except Busy:
            raise CommandError("正有业务在存文件，这次没有清理完，请稍后再试") from None
        except (FileFault, Misplaced) as fault:
            raise CommandError(str(fault)) from None

    def _check(self, *, mend: bool) -> None:
        count, flaws = check(timezone.now())
        left = []
        for flaw in flaws:
            try:
                if mend and mirror.mend(flaw.sha256):
                    StoredFile.objects.filter(pk=flaw.sha256).update(fault="")
                    self.stdout.write(f"已从备份补回 {flaw}")
                    continue
            except Unrecoverable as fault:
                self.stdout.write(str(fault))
            left.append(flaw)
            self.stdout.write(str(flaw))
        if left:
            raise CommandError(f"{count} 个文件里有 {len(left)} 个不对")
        self.stdout.write(f"{count} 个文件都与存入时的摘要一致。")

    def _copy(self, address: str) -> None:
        """Copies and reads back every file: whoever then changes the setting loses none."""
        source, target, copied, lost = store(), open_store(address), 0, []
        there = {one.sha256: one.size for one in target.listed()}
        rows = StoredFile.objects.order_by("sha256").values_list("sha256", "size")
        for sha256, size in rows.iterator(chunk_size=5000):
            if there.get(sha256) == size:
                continue
            try:
                target.put(verified(source, sha256), under=sha256)
            except (Missing, Altered) as fault:
                lost.append(f"{fault}")
                continue
            if not is_sound(target, sha256):
                raise CommandError(f"文件 {sha256} 拷过去以后读出来不一样，请检查 {target}")
            copied += 1
        self.stdout.write(f"拷到 {target}：新拷 {copied} 个，已有 {len(there)} 个。")
        if lost:
            raise CommandError(f"有 {len(lost)} 个没有拷成：{'；'.join(lost[:20])}")
