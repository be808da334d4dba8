"""`xinmei audit …`: verifies the chain of events, and signs its end."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime
from pathlib import Path

from xinmei.commands.arguments import UsageError, add_json, print_json, say

HELP = "操作留痕：校验链条与签名检查点，签下新的检查点"
NEEDS_DATABASE = True
_SHOWN = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """verify, checkpoint."""
    verbs = parser.add_subparsers(dest="verb", metavar="动作", required=True, title="动作")
    verify = verbs.add_parser("verify", help="校验全部留痕；链条被动过时退出码为 1", description="校验全部留痕")
    verify.add_argument(
        "--checkpoints", metavar="文件", type=Path, help="签名检查点文件；不写则用本机的，本机没有则只校验链条"
    )
    add_json(verify)
    checkpoint = verbs.add_parser(
        "checkpoint", help="给最后一条留痕签名，写入检查点文件和系统日志", description="签下检查点"
    )
    add_json(checkpoint)


def run(options: argparse.Namespace) -> int:
    """Returns 0 where the chain is whole, 1 where it is broken or sealing has stopped."""
    return _verify(options) if options.verb == "verify" else _checkpoint(options)


def _verify(options: argparse.Namespace) -> int:
    from xinmei.people.checkpoints import default_file, verify_chain
    from xinmei.people.sealing import WINDOW, unsealed

    if options.checkpoints and not options.checkpoints.is_file():
        raise UsageError(f"没有检查点文件 {options.checkpoints}")
    path = options.checkpoints or (default_file() if default_file().is_file() else None)
    events, checkpoints, flaws = verify_chain(path)
    tail, now = unsealed(), datetime.now(UTC)
    seconds, late = round(tail.age(now).total_seconds()), tail.is_late(now)
    if options.json:
        faults = [{"number": flaw.number, "what": flaw.what} for flaw in flaws[:_SHOWN]]
        said = {"events": events, "ok": not flaws, "checkpoints": checkpoints, "flaws": len(flaws), "faults": faults}
        waiting = {"unsealed": tail.count, "oldest_unsealed_seconds": seconds, "sealing_late": late}
        print_json({**said, **(waiting if tail.count else {})})
    else:
        for flaw in flaws[:_SHOWN]:
            say(f"第 {flaw.number} 条：{flaw.what}")
        say(f"共 {events} 条留痕，{checkpoints} 个检查点：{'链条完整' if not flaws else f'有 {len(flaws)} 处不对'}。")
        if tail.count:
            allowed = round(WINDOW.total_seconds())
            alarm = f"：超过 {allowed} 秒，封存已停，请看后台服务" if late else ""
            say(f"另有 {tail.count} 条尚未封存，最早的写入已 {seconds} 秒{alarm}。")
    return 1 if flaws or late else 0


def _checkpoint(options: argparse.Namespace) -> int:
    from xinmei.people.checkpoints import write_checkpoint
    from xinmei.people.sealing import seal

    seal()
    made = write_checkpoint(datetime.now(UTC))
    if options.json:
        print_json({"number": made.number if made else 0, "digest": made.digest if made else ""})
    else:
        say(f"已签到第 {made.number} 条。" if made else "还没有留痕。")
    return 0
