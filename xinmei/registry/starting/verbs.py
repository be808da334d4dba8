"""What is done on the way to a register that filings keep: a unit confirms its entries, and is reminded to."""

from __future__ import annotations

from xinmei.core.verbs import Verb
from xinmei.registry.accounts.verbs import ACCOUNT
from xinmei.registry.merging.verbs import UNIT
from xinmei.registry.starting.actions import confirm_account, is_of_its_unit, remind_unit, why_confirmed

CONFIRM = Verb(
    "account.confirm",
    "确认登记无误",
    of=ACCOUNT,
    right="confirm_account",
    within=is_of_its_unit,
    ready=why_confirmed,
    do=confirm_account,
    each=("on",),
    done=lambda account: f"{account}：登记已确认。",
    hint="名称、平台、主办单位、认证信息、备案日期都对，才确认；不对的先报送变更备案，或者请导入的人改正。",
)
REMIND = Verb(
    "unit.remind",
    "提醒确认登记",
    of=UNIT,
    right="remind",
    do=remind_unit,
    each=("on",),
    page=lambda unit: "/starting/units/",
    done=lambda unit: f"已提醒{unit}。",
)
