"""What a platform answers when it does not do what it is asked, told apart: try again, wait until when, a person.

The codes are those of the platforms' documents (docs/decisions/0560): each says in Chinese what is wrong and what to
do. What a document does not name is not guessed at: before the step that cannot be taken back it is tried again, at
that step somebody looks first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from xinmei.core.calendar import SHANGHAI

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


class Means(Enum):
    """What a fault asks for."""

    RETRY = "retry"  # the same again, in a while
    WAIT = "wait"  # not before a moment that the platform names
    ANOTHER = "another"  # another token, then the same again
    PERSON = "person"  # nothing helps but a person
    LOOK = "look"  # it may have been done: look before anything is sent again


@dataclass(frozen=True, slots=True)
class Known:
    """What one code means, what is wrong, what to do; `wait` is until when ("day": until midnight)."""

    means: Means
    said: str
    todo: str = ""
    wait: timedelta | str = MINUTE


class Fault(Exception):
    """Why a call did not do what it was asked. `said` and `todo` are Chinese; `until` stands where one has to wait."""

    def __init__(
        self, means: Means, said: str, todo: str = "", *, code: str = "", until: datetime | None = None
    ) -> None:
        super().__init__(said)
        self.means, self.said, self.todo, self.code, self.until = means, said, todo, code, until


def fault_of(known: dict[int, Known], code: int, text: str, now: datetime) -> Fault:
    """The fault that a code stands for; one that is in no table is UNKNOWN."""
    one = known.get(code)
    if one is None:
        said = f"平台返回了没有见过的错误（{code} {text[:80]}）"
        return Fault(Means.LOOK, said, "系统先回看、再重试；反复出现请把返回码告诉系统管理员", code=str(code))
    until = None
    if one.means is Means.WAIT:
        until = _midnight(now) if one.wait == "day" else now + _span(one.wait)
    return Fault(one.means, one.said, one.todo, code=str(code), until=until)


def _span(wait: timedelta | str) -> timedelta:
    return wait if isinstance(wait, timedelta) else MINUTE


def _midnight(now: datetime) -> datetime:
    """The end of the day in Shanghai: daily quotas begin anew then."""
    tomorrow = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0, 1), SHANGHAI)


_ADMIN = "请单位管理员"
_EDIT = "请停发这篇稿件，改好后重新送审"
_RIGHT = "登录公众平台在“设置与开发 → 接口权限”里看；没有权限的，用“下载发布包”手工发布后登记链接"
WECHAT: dict[int, Known] = {
    -1: Known(Means.RETRY, "微信系统繁忙", "系统会自动再试"),
    40001: Known(Means.ANOTHER, "接口凭证失效", "系统会自动换新凭证再试"),
    40014: Known(Means.ANOTHER, "接口凭证不对", "系统会自动换新凭证再试"),
    42001: Known(Means.ANOTHER, "接口凭证过期", "系统会自动换新凭证再试"),
    41001: Known(Means.ANOTHER, "没有带接口凭证", "系统会自动换新凭证再试"),
    40013: Known(Means.PERSON, "AppID 不对", f"{_ADMIN}核对 AppID，重新登记接口"),
    40125: Known(Means.PERSON, "AppSecret 不对", f"{_ADMIN}在公众平台重置 AppSecret，重新登记接口"),
    40243: Known(Means.PERSON, "AppSecret 已被冻结", f"{_ADMIN}在公众平台解冻 AppSecret"),
    40164: Known(
        Means.PERSON, "本系统的出口地址不在公众号的 IP 白名单里", f"{_ADMIN}在公众平台把出口地址加入 IP 白名单"
    ),
    61004: Known(Means.PERSON, "本系统的出口地址没有登记", f"{_ADMIN}在公众平台把出口地址加入 IP 白名单"),
    40007: Known(Means.LOOK, "公众平台上已没有这篇草稿", "系统先查是不是已经发出"),
    40005: Known(Means.PERSON, "图片格式微信不收", f"正文图片只能是 JPG 或 PNG；{_EDIT}"),
    40009: Known(Means.PERSON, "图片太大", f"正文图片要小于 1 MB；{_EDIT}"),
    40137: Known(Means.PERSON, "图片格式不对", f"正文图片只能是 JPG 或 PNG；{_EDIT}"),
    44002: Known(Means.RETRY, "内容没有传到", "系统会自动再试"),
    45002: Known(Means.PERSON, "正文太长", f"正文要少于 2 万字、小于 1 MB；{_EDIT}"),
    45003: Known(Means.PERSON, "标题太长", _EDIT),
    45004: Known(Means.PERSON, "摘要太长", _EDIT),
    45009: Known(Means.WAIT, "今天的接口调用次数用完了", "系统过零点再发；急的请下载发布包手工发布", "day"),
    45011: Known(Means.WAIT, "调用太频繁", "系统过一分钟再发", MINUTE),
    45001: Known(Means.PERSON, "素材太大", _EDIT),
    45026: Known(Means.PERSON, "公众号的素材数量到了上限", f"{_ADMIN}在公众平台删去不用的素材，再点“再发”"),
    45166: Known(Means.PERSON, "正文里有微信不收的内容", f"多半是链接或特殊符号；{_EDIT}，或下载发布包手工发布"),
    47001: Known(Means.PERSON, "微信读不懂发去的内容", "请把返回码告诉系统管理员；急的请下载发布包手工发布"),
    48001: Known(Means.PERSON, "公众号没有这项接口的权限", _RIGHT),
    48004: Known(Means.PERSON, "公众号的这项接口因违规被封禁", f"{_ADMIN}登录公众平台看通知并处理"),
    50002: Known(Means.PERSON, "公众号被限制或冻结", f"{_ADMIN}登录公众平台看通知，并在账号页报告异常"),
    53500: Known(Means.PERSON, "发布功能被封禁", f"{_ADMIN}登录公众平台看通知并处理"),
    53501: Known(Means.WAIT, "发布太频繁", "系统过一小时再发", HOUR),
    53502: Known(Means.PERSON, "草稿在公众平台上不能用", "系统里点“再发”会重新上传"),
    53503: Known(Means.PERSON, "草稿没有通过微信的发布检查", f"登录公众平台打开草稿看原因；{_EDIT}"),
    53504: Known(Means.PERSON, "微信要求在公众平台上操作这篇草稿", "登录公众平台从草稿箱发布，发布后登记链接"),
    53505: Known(Means.PERSON, "微信要求先在公众平台上保存这篇草稿", "登录公众平台保存并发布，发布后登记链接"),
    88000: Known(
        Means.PERSON,
        "公众号没有留言权限，留言看不到（不是没有留言）",
        "登录公众平台在“设置与开发 → 接口权限”里看；没有权限的，到平台上看留言，答复以后登记时间和截图",
    ),
}
# What the getting of a token is answered with: there the same codes speak of the secret.
WECHAT_TOKEN = WECHAT | {
    40001: Known(Means.PERSON, "AppSecret 不对", f"{_ADMIN}在公众平台重置 AppSecret，重新登记接口"),
    45009: Known(Means.WAIT, "今天取凭证的次数用完了", "系统过零点再试", "day"),
    45011: Known(Means.WAIT, "取凭证太频繁", "系统过一分钟再试", MINUTE),
}
# freepublish/get: what became of the task.
WECHAT_FAILED: dict[int, tuple[str, str]] = {
    2: ("微信没有通过原创声明", f"登录公众平台看原因；{_EDIT}"),
    3: ("微信发布失败，没有说明原因", "请点“再发”；再失败的，下载发布包手工发布后登记链接"),
    4: ("微信平台审核不通过", f"登录公众平台看原因；{_EDIT}"),
    5: ("发出后被人在公众平台上全部删除", "核实是谁删的；确应撤下的，登记撤下"),
    6: ("发出后被微信封禁", f"{_ADMIN}登录公众平台看原因，并登记撤下"),
}

_AGAIN = "请单位管理员重新授权，再登记接口"
_MANUAL = "用“下载发布包”手工发布后登记链接"
WEIBO: dict[int, Known] = {
    10001: Known(Means.RETRY, "微博系统错误", "系统会自动再试"),
    10002: Known(Means.RETRY, "微博服务暂停", "系统会自动再试"),
    10003: Known(Means.RETRY, "微博的远程服务错误", "系统会自动再试"),
    10009: Known(Means.RETRY, "微博任务过多", "系统会自动再试"),
    10010: Known(Means.LOOK, "微博处理超时", "系统先查是不是已经发出"),
    10011: Known(Means.LOOK, "微博内部调用错误", "系统先查是不是已经发出"),
    10004: Known(Means.PERSON, "微博限制本系统的出口地址", "请系统管理员向微博开放平台申请放行"),
    10005: Known(Means.PERSON, "应用没有这项接口的授权", f"请在微博开放平台申请；{_MANUAL}"),
    10006: Known(Means.PERSON, "没有带应用编号", _AGAIN),
    10008: Known(Means.PERSON, "微博读不懂发去的内容", f"请把返回码告诉系统管理员；{_MANUAL}"),
    10013: Known(Means.PERSON, "微博用户不合法", _AGAIN),
    10014: Known(Means.PERSON, "应用的接口权限受限", f"请在微博开放平台申请；{_MANUAL}"),
    10017: Known(Means.PERSON, "有一项内容微博不收", f"请把返回码告诉系统管理员；{_MANUAL}"),
    10022: Known(Means.WAIT, "出口地址的调用次数到了上限", "系统过一小时再发", HOUR),
    10023: Known(Means.WAIT, "账号的调用次数到了上限", "系统过一小时再发", HOUR),
    10024: Known(Means.WAIT, "账号调用这项接口的次数到了上限", "系统过一小时再发", HOUR),
    20003: Known(Means.PERSON, "微博用户不存在", _AGAIN),
    20005: Known(Means.PERSON, "图片格式微博不收", f"图片只能是 JPG、GIF、PNG；{_EDIT}"),
    20006: Known(Means.PERSON, "图片太大", f"图片要小于 5 MB；{_EDIT}"),
    20012: Known(Means.PERSON, "文字太长", f"接口只收 140 字以内；{_MANUAL}"),
    20013: Known(Means.PERSON, "文字太长", f"接口只收 140 字以内；{_MANUAL}"),
    20015: Known(Means.PERSON, "微博因账号、出口地址或应用异常拒绝发布", "请单位管理员登录微博看通知并处理"),
    20016: Known(Means.WAIT, "发布太频繁", "系统过十分钟再发", 10 * MINUTE),
    20017: Known(Means.LOOK, "微博说内容相似的已经发过", "系统先查是不是已经发出"),
    20018: Known(Means.PERSON, "微博说含有非法网址", _EDIT),
    20019: Known(Means.LOOK, "微博说相同的内容已经发过", "系统先查是不是已经发出"),
    20020: Known(Means.PERSON, "微博说含有广告", _EDIT),
    20021: Known(Means.PERSON, "微博说含有不能发布的内容", _EDIT),
    20032: Known(Means.LOOK, "微博收下了，要一两分钟才显示或由人工审核", "系统过一会儿回看"),
    20101: Known(Means.PERSON, "微博上没有这一条了", "核实是谁删的；确应撤下的，登记撤下"),
    20111: Known(Means.LOOK, "微博说相同的内容已经发过", "系统先查是不是已经发出"),
    20201: Known(Means.PERSON, "微博上没有这条评论了", "可能已被删除，不用再办"),
    20206: Known(Means.PERSON, "微博不让回复这条评论（作者设置了限制）", "登录微博另行答复"),
    21301: Known(Means.PERSON, "授权认证失败", _AGAIN),
    21314: Known(Means.PERSON, "授权已被使用", _AGAIN),
    21315: Known(Means.PERSON, "授权已过期", _AGAIN),
    21316: Known(Means.PERSON, "授权已被撤销", _AGAIN),
    21317: Known(Means.PERSON, "授权被拒绝", _AGAIN),
    21327: Known(Means.PERSON, "授权已过期", _AGAIN),
    21332: Known(Means.PERSON, "授权不对", _AGAIN),
}
