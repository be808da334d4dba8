"""The ten tables of the exchange bundle: their files, columns and identities, in the order in which one refers to another."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db import models

from xinmei.assessment.models import Commendation
from xinmei.collectors.bundle.columns import Choice, Column, Day, Flag, Kind, Period, Text, Time, Whole, Words
from xinmei.collectors.bundle.parts import Parts, Replies, Strings
from xinmei.interaction.models import Message, Patrol
from xinmei.people.models import Position, PositionHeld
from xinmei.publishing.models import FunctionCheck, Post
from xinmei.registry.models import Account, Look
from xinmei.supervision.models import SampleResult
from xinmei.units.models import Unit


@dataclass(frozen=True)
class Table:
    """One table of the bundle. `identity` names the columns by which a row is known; `model` is where the rows live."""

    name: str
    label: str
    suffix: str
    model: type[models.Model]
    identity: tuple[str, ...]
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        """The file's name in a folder or zip."""
        return self.name + self.suffix

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each column stands in a row of values."""
        return {column.name: place for place, column in enumerate(self.columns)}

    @cached_property
    def by_header(self) -> dict[str, Column]:
        """Each column by its name and by its Chinese header."""
        return {column.name: column for column in self.columns} | {
            column.header: column for column in self.columns if column.header
        }

    @cached_property
    def key_places(self) -> tuple[int, ...]:
        """Where the identity stands in a row of values."""
        return tuple(self.places[name] for name in self.identity)

    @cached_property
    def references(self) -> tuple[tuple[int, str], ...]:
        """Where a value is the identity of a row of another table, and of which; the row's account or unit first."""
        return tuple((place, column.refers) for place, column in enumerate(self.columns) if column.refers)

    @cached_property
    def fields(self) -> tuple[str, ...]:
        """The model's fields, in the order of the columns (replies have a table of their own)."""
        return tuple(column.field or column.name for column in self.columns if column.name != "replies")


def _labels(choices: type[models.TextChoices]) -> dict[str, str]:
    return {str(value): str(label) for value, label in choices.choices}


def _must(name: str, header: str, kind: Kind, **more: Any) -> Column:
    """A column that must be there and filled."""
    return Column(name, header, kind, needed=True, filled=True, **more)


def _may(name: str, header: str, kind: Kind, **more: Any) -> Column:
    """A column marked `?`."""
    return Column(name, header, kind, **more)


CODE = Text(most=200)
UNIT = _must("unit", "单位代码", CODE, refers="units")
ACCOUNT = _must("account", "账号编号", CODE, refers="accounts")

UNITS = Table(
    "units",
    "单位",
    ".csv",
    Unit,
    ("code",),
    (
        _must("code", "单位代码", CODE),
        _must("name", "单位名称", Text(most=500)),
        _must("kind", "类型", Choice(_labels(Unit.Kind), also={"街道": "town", "乡镇": "town"})),
        _may("parent", "上级单位代码", CODE, refers="units"),
        Column("cohort", "同类单位", Choice(_labels(Unit.Cohort)), needed=True),
        _may("vertical_system", "垂直管理系统", CODE, refers="units"),
        _may("duties", "职责关键词", Words()),
        _may("short_names", "简称", Words()),
        _may("credit_code", "统一社会信用代码", Text(most=100)),
    ),
)

ACCOUNTS = Table(
    "accounts",
    "账号",
    ".csv",
    Account,
    ("id",),
    (
        _must("id", "账号编号", CODE, field="code"),
        _must("unit", "主办单位代码", CODE, refers="units"),
        _must("platform", "平台", Choice(_labels(Account.Platform))),
        _may("kind", "类型", Choice(Account.KIND_LABELS, open=True, most=100)),
        _must("name", "账号名称", Text(most=500)),
        _may("handle", "平台账号ID", Text(most=500)),
        _may("url", "链接", Text()),
        _may("verification", "认证信息", Text()),
        _must("opened_on", "开设日期", Day()),
        _must("status", "状态", Choice(_labels(Account.Status))),
        _may("closed_on", "关停日期", Day()),
        _may("announced_on", "公告开始日期", Day()),
        _may("filed_city_on", "报市政府办公室备案日期", Day()),
        _may("filed_national_on", "国家系统备案日期", Day()),
        _may("filed_provincial_on", "省系统备案日期", Day()),
        _may("followers", "粉丝量", Whole()),
        _may("contact", "联系人", Text(most=200)),
        _may("phone", "联系电话", Text(most=200)),
    ),
)

POSTS = Table(
    "posts",
    "信息",
    ".jsonl",
    Post,
    ("id",),
    (
        _must("id", "", CODE, field="code"),
        _must("account", "账号编号", CODE, refers="accounts"),
        _must("published_at", "", Time()),
        Column("title", "", Text(), needed=True),
        Column("text", "", Text(), needed=True),
        _may("url", "", Text()),
        _may("origin", "", Choice(_labels(Post.Origin))),
        _may("source", "信息来源", Text()),
        _may("byline", "", Parts(("drafter", "reviewer", "signatory", "proofreader"), keep_empty=False)),
        _may("links", "", Strings()),
        _may("images", "", Strings()),
        _may("comments_enabled", "", Flag()),
        _may("reads", "", Whole()),
        _may("deleted_at", "", Time()),
        _may("policy", "", Text()),
        _may("form", "", Choice(Post.FORM_LABELS)),
    ),
)

MESSAGES = Table(
    "messages",
    "留言",
    ".jsonl",
    Message,
    ("id",),
    (
        _must("id", "", CODE, field="code"),
        _must("account", "账号编号", CODE, refers="accounts"),
        _must("received_at", "", Time()),
        _must("kind", "", Choice(_labels(Message.Kind))),
        _must("text", "", Text()),
        _may("author", "", Text(most=500)),
        _may("post", "", CODE, refers="posts"),
        _may("concrete_policy_question", "", Flag()),
        _may("published_at", "", Time()),
        _may("replies", "", Replies()),
    ),
)

OBSERVATIONS = Table(
    "observations",
    "观察",
    ".jsonl",
    Look,
    ("account", "feed", "window_start"),
    (
        ACCOUNT,
        _must("feed", "", Text(most=100)),
        _must("window_start", "", Time()),
        _must("window_end", "", Time()),
        _must("outcome", "", Choice(_labels(Look.Outcome))),
        _may("reason", "", Text()),
        _may("profile", "", Parts(("name", "verification", "avatar_sha256"), keep_empty=True)),
    ),
)

FUNCTIONS = Table(
    "functions",
    "功能检查",
    ".jsonl",
    FunctionCheck,
    ("account", "name", "checked_at"),
    (
        ACCOUNT,
        _must("name", "", Text(most=500)),
        _may("url", "", Text()),
        _must("checked_at", "", Time()),
        _must("works", "", Flag()),
        _may("announced_outage", "", Flag()),
        _may("asks_for", "", Strings()),
    ),
)

INSPECTIONS = Table(
    "inspections",
    "上级抽查结果",
    ".csv",
    SampleResult,
    ("ordered_by", "period", "account"),
    (
        _must("ordered_by", "检查单位", Choice(_labels(SampleResult.OrderedBy))),
        _must("period", "期次", Period()),
        ACCOUNT,
        _must("result", "结果", Choice(_labels(SampleResult.Result))),
        _may("indicator", "指标", Text()),
        _may("note", "说明", Text()),
    ),
)

COMMENDATIONS = Table(
    "commendations",
    "表彰",
    ".csv",
    Commendation,
    ("unit", "awarded_on", "by", "title"),
    (
        UNIT,
        _must("awarded_on", "表彰日期", Day()),
        _must("by", "表彰层级", Choice(_labels(Commendation.By))),
        _must("title", "名称", Text(most=500)),
        _may("document", "文号", Text(most=500)),
    ),
)

# 「编辑（拟稿）」 is written 编辑 or 编辑(拟稿) too.
HELD = _labels(Position)
HELD_ALSO = {label.split("（")[0]: name for name, label in HELD.items() if "（" in label} | {
    label.replace("（", "(").replace("）", ")"): name for name, label in HELD.items() if "（" in label
}

PEOPLE = Table(
    "people",
    "人员任职",
    ".csv",
    PositionHeld,
    ("login", "unit", "post", "from"),
    (
        _must("login", "登录名", Text(most=150)),
        _must("name", "姓名", Text(most=100)),
        UNIT,
        _must("post", "岗位", Choice(HELD, also=HELD_ALSO), field="position"),
        _must("from", "起", Day(), field="starts_on"),
        _may("to", "止", Day(), field="ends_on"),
        _may("phone", "电话", Text(most=50)),
        _may("email", "邮箱", Text(most=254)),
    ),
)

PATROLS = Table(
    "patrols",
    "值守巡查",
    ".csv",
    Patrol,
    ("account", "day", "half"),
    (
        ACCOUNT,
        _must("day", "日期", Day()),
        _must("half", "上下午", Choice(_labels(Patrol.Half))),
        _must("by", "值班人", Text(most=200)),
        _must("at", "时间", Time()),
    ),
)

TABLES = (UNITS, ACCOUNTS, POSTS, MESSAGES, OBSERVATIONS, FUNCTIONS, INSPECTIONS, COMMENDATIONS, PEOPLE, PATROLS)
