"""Chinese words for the verbs and objects of events.

An act that is declared has its label there (`verbs.py`). Here stand what nobody declares, and the words of acts that
are older than their declaration.
"""

from __future__ import annotations

from functools import cache

from xinmei.core.verbs import Kind, Verb
from xinmei.pages.rooms import bring
from xinmei.people.rights import VERB_LABELS

_VERBS = {
    **VERB_LABELS,
    "sign_in": "登录",
    "sign_in_failed": "登录失败",
    "sign_in_refused": "登录被拒（尝试过多）",
    "sign_out": "退出",
    "end_session": "结束会话",
    "refuse": "无权被拒",
    "set_password": "设置口令",
    "change_password": "修改口令",
    "enrol_second_factor": "启用动态口令",
    "use_recovery_code": "使用恢复码",
    "choose_post": "选择岗位",
    "save_view": "保存常用筛选",
    "drop_view": "删除常用筛选",
    "erase_person": "清除个人信息",
    "propose_post": "提出岗位变动",
    "reject_post": "不批准岗位变动",
    "end_delegation": "终止代行",
    "hand_over_post": "岗位交接",
    "bootstrap": "设立管理员",
    "end_allowance": "停用不再提示",
    "reject_reading": "退回解释口径的变更",
    "patrol": "值守巡查",
    "dismiss_contradicted": "系统撤销",
    "raise": "系统发现",
    "recheck_cured": "复查：已整改到位",
    "recheck_not_cured": "复查：未整改到位",
    "read_notice": "阅知",
    "choose_email": "选择是否收邮件",
    "remind": "提醒",
    "escalate": "逾期升级",
    "import": "导入",
    "export": "导出",
    "start_job": "提交后台任务",
    "retry_job": "再试后台任务",
    "draft_entry": "拟定词条",
    "revise_entry": "修改词条",
    "try_entry": "试跑词条",
    "release_entry": "发布词条",
    "end_entry": "停用词条",
    "propose_demotion": "提议规则降档",
    "approve_demotion": "批准规则降档",
    "reject_demotion": "不批准规则降档",
    "restore_rule": "恢复规则",
    "decide_recall": "处理重看清单",
    "read_comments": "采集评论",
    "errand.done": "平台已办好",
    "errand.held": "没有发到平台",
    "sending.out": "平台已发布",
    "sending.held": "没有发布到平台",
    "channel.checked": "检查平台接口",
    "rehearse_restore": "恢复演练",
    "restore": "从备份恢复",
}
_KINDS = {
    "allow_entry": "不再提示",
    "reading": "解释口径",
    "hand_over": "交接",
    "unit": "单位",
    "account": "账号",
    "post": "信息",
    "draft": "稿件",
    "inspection": "检查",
    "notice": "消息",
    "delivery": "投递",
    "reminder": "提醒",
    "right": "权限",
    "saved_view": "常用筛选",
    "bundle": "交换包",
    "own_entry": "自定词条",
    "entry": "自定词条",
    "allowance": "不再提示",
    "recall": "重看清单",
    "rule": "筛查规则",
    "backup": "备份",
}


_BROWSERS = (
    ("wxwork", "企业微信"),
    ("DingTalk", "钉钉"),
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "火狐"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "苹果手机"),
    ("iPad", "苹果平板"),
    ("Android", "安卓"),
    ("HarmonyOS", "鸿蒙"),
    ("Windows", "Windows"),
    ("Mac OS", "苹果电脑"),
    ("Linux", "Linux"),
)


def browser(agent: str) -> str:
    """What somebody logged in with, from the line that the browser sends of itself; the first names are said by
    browsers that say later ones too.
    """
    said = [next((name for sign, name in known if sign in agent), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, said)) or "未知浏览器"


@cache
def _declared() -> tuple[dict[str, str], dict[str, str]]:
    """The labels of declared acts, by their name in the log, and of the kinds of objects that they are done to."""
    acts, kinds = {}, {}
    for room in bring("verbs"):
        for one in vars(room).values():
            if isinstance(one, Verb):
                acts[one.recorded_as] = one.label
            elif isinstance(one, Kind):
                kinds[one.name] = one.label
    return acts, kinds


def verb(name: str) -> str:
    """A verb as people say it."""
    return _VERBS.get(name) or _declared()[0].get(name, name)


def verbs() -> list[tuple[str, str]]:
    """Every verb that the log may hold, with its label, in the order of the labels."""
    return sorted({**_declared()[0], **_VERBS}.items(), key=lambda pair: pair[1])


def kind(name: str) -> str:
    """A kind of object as people say it."""
    return _KINDS.get(name) or _declared()[1].get(name, name)
