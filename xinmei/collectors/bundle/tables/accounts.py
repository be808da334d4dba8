"""账号: the register of accounts."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from xinmei.collectors.bundle.columns import CODE, labels_of, may, must
from xinmei.collectors.bundle.kinds import Choice, Code, Day, Text, Whole
from xinmei.collectors.bundle.table import Contradiction, Referred, Table
from xinmei.registry.models import Account


def _find_contradiction(row: list[Any]) -> Contradiction:
    opened_on, status, closed_on = (row[TABLE.places[name]] for name in ("opened_on", "status", "closed_on"))
    if status == "closed" and closed_on is None:
        return "closed_on", "状态是已关停（closed），却没有关停日期（closed_on）"
    if closed_on is not None and closed_on < opened_on:
        return "closed_on", f"关停日期 {closed_on} 早于开设日期 {opened_on}"
    return None


# Which act changes what, where the register is kept by filings.
_OPEN = "开设备案（「拟写备案」，事项选开设）"
_CHANGE = "变更备案（「拟写备案」，事项选变更）"
_CLOSE = "关停或注销备案（「拟写备案」，事项选关停或注销）"
_ACTS = {
    "unit": _CHANGE,
    "platform": f"{_CLOSE}，再在新平台办{_OPEN}",
    "kind": _CHANGE,
    "name": _CHANGE,
    "handle": _CHANGE,
    "url": _CHANGE,
    "verification": _CHANGE,
    "opened_on": _OPEN,
    "status": _CLOSE,
    "closed_on": _CLOSE,
    "announced_on": "备案中的「登记公告」",
    "filed_city_on": "备案中的「市政府办公室备案」",
    "filed_national_on": "备案中的「登记国家、省系统」",
    "filed_provincial_on": "备案中的「登记国家、省系统」",
}


def _find_act(old: list[Any] | None, row: list[Any]) -> Contradiction:
    """「With `XINMEI_REGISTER=filings` a row that makes an account, or changes one of … is refused with the act that
    does it」
    """
    if settings.REGISTER != "filings":
        return None
    if old is None:
        return "id", f"登记由备案办理，新账号不能导入，请办{_OPEN}"
    for name, act in _ACTS.items():
        column = TABLE.columns[TABLE.places[name]]
        if old[TABLE.places[name]] != row[TABLE.places[name]]:
            return name, f"登记由备案办理，{column.header}不能导入，请办{act}"
    return None


TABLE = Table(
    "accounts",
    "账号",
    ".csv",
    Account,
    ("id",),
    (
        must("id", "账号编号", CODE, field="code"),
        must("unit", "主办单位代码", CODE, refers="units"),
        must("platform", "平台", Choice(labels_of(Account.Platform))),
        may("kind", "类型", Choice(Account.KIND_LABELS, open=True, most=100)),
        must("name", "账号名称", Text(most=500)),
        may("handle", "平台账号ID", Code(most=500)),
        may("url", "链接", Text()),
        may("verification", "认证信息", Text()),
        must("opened_on", "开设日期", Day()),
        must("status", "状态", Choice(labels_of(Account.Status))),
        may("closed_on", "关停日期", Day()),
        may("announced_on", "公告开始日期", Day()),
        may("filed_city_on", "报市政府办公室备案日期", Day()),
        may("filed_national_on", "国家系统备案日期", Day()),
        may("filed_provincial_on", "省系统备案日期", Day()),
        may("followers", "粉丝量", Whole()),
        may("contact", "联系人", Text(most=200)),
        may("phone", "联系电话", Code(most=200)),
    ),
    order=20,
    referred=Referred.BY_KEY,
    unit_field="unit",
    contradiction=_find_contradiction,
    done_by_acts=_find_act,
    judged_by=("closed_on",),
    example={
        "id": "A00001",
        "unit": "X01",
        "platform": "微信",
        "kind": "订阅号",
        "name": "青屿发布",
        "opened_on": "2020/8/4",
        "status": "在用",
    },
)
