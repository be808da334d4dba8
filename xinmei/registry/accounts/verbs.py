"""What people do to an account itself. Whatever else of the register changes, changes by a filing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from xinmei.core.verbs import Kind, Verb
from xinmei.registry.accounts.actions import recover, report_incident, update_account, why_none_open
from xinmei.registry.accounts.forms import IncidentFields, RecoveredFields, UpdateFields
from xinmei.registry.accounts.showing import show_account
from xinmei.registry.doors import accounts_visible_to
from xinmei.registry.models import Account


def _last_step(accounts: Sequence[Account]) -> Mapping[Any, datetime]:
    return {one.pk: one.acted_at for one in accounts if one.acted_at is not None}


ACCOUNT = Kind(
    name="account",
    label="账号",
    path="accounts",
    model=Account,
    rows=lambda acting: accounts_visible_to(acting).prefetch_related("incidents"),
    show=show_account,
    key="code",
    unit=lambda account: account.unit_id,
    related=("unit",),
    page="account",
    last_step=_last_step,
)

UPDATE = Verb(
    "account.update",
    "更新联系信息",
    of=ACCOUNT,
    right="update_account",
    fields=UpdateFields,
    do=update_account,
    done="已更新。",
    hint="名称、认证信息等其他登记内容，要变更的先报送变更备案。",
)
INCIDENT = Verb(
    "account.incident",
    "报告账号异常",
    of=ACCOUNT,
    right="report_incident",
    fields=IncidentFields,
    do=report_incident,
    done="已报告，主管单位和市检查员会立即收到消息。各项期限照算。",
    hint="被盗用、登录不上、被平台冻结或关闭的，立即报告；期限不因此停算。",
)
RECOVERED = Verb(
    "account.recovered",
    "登记账号恢复",
    of=ACCOUNT,
    right="report_incident",
    ready=why_none_open,
    fields=RecoveredFields,
    do=recover,
    done="已登记恢复，主管单位和市检查员会收到消息。",
)
