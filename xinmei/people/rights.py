"""The two tables of the doors as data: what the holder of a position sees, what they may do, and how far.

A reach is one letter. O is the own unit. S is the own unit with all below it by area and the vertical systems that it
supervises. C is the whole city, – is nothing. A change of the office's rules is a change of these lines.
"""

from __future__ import annotations

from xinmei.people.models import Position
from xinmei.units.reach import CITY, OWN, SUBTREE

AT_A_UNIT = (Position.EDITOR, Position.SECTION_HEAD, Position.LEADER, Position.UNIT_ADMIN)
CITY_INSPECTION = (Position.INSPECTOR, Position.INSPECTOR_HEAD)
ADMINISTRATORS = (Position.SYSTEM_ADMIN, Position.SECURITY_ADMIN, Position.AUDIT_ADMIN)
# The columns of the first table, in its order; the public holds no position.
COLUMNS: tuple[tuple[Position, ...], ...] = (
    AT_A_UNIT,
    (Position.SUPERVISOR,),
    CITY_INSPECTION,
    (Position.OBSERVER,),
    ADMINISTRATORS,
)

_SEE: dict[str, str] = {
    "register": "CCCC–",  # name, platform, host, status, since when, announcements: the public sees these too
    "register_contact": "OSC––",  # contact, phone, custody, filings under way
    "posts": "OSCS–",  # posts as published, functions, looks, own clock
    "findings_unsent": "––C––",  # SUSPECTED, or DISMISSED before they were sent
    "findings_sent": "OSCS–",  # with evidence and history; samples of higher tiers, commendations and patrols too
    "provisional_sheets": "OSC––",
    "issued_papers": "CCCC–",  # and closed results; the public sees their public version
    "messages": "OSC––",
    "drafts": "O–C––",  # the city after release only
    "coverage": "OSC––",  # blindness and rounds too
    "people": "–SC––",  # and unit_admin, system_admin, security_admin: below
    "events": "–––––",  # beyond one's own acts
}
_SEE_BESIDES: dict[str, dict[Position, str]] = {
    "people": {Position.UNIT_ADMIN: OWN, Position.SYSTEM_ADMIN: CITY, Position.SECURITY_ADMIN: CITY},
    # audit_admin: every event without its contents; security_admin: log-ins, locks, rights.
    "events": {Position.AUDIT_ADMIN: CITY, Position.SECURITY_ADMIN: CITY},
}
SEE: dict[str, dict[str, str]] = {
    thing: {
        position.value: letter for positions, letter in zip(COLUMNS, letters, strict=True) for position in positions
    }
    | {position.value: letter for position, letter in _SEE_BESIDES.get(thing, {}).items()}
    for thing, letters in _SEE.items()
}


def _all(letter: str, *positions: Position) -> dict[str, str]:
    return {position.value: letter for position in positions}


_CITY_INSPECTION = _all(CITY, *CITY_INSPECTION)
_HEAD = _all(CITY, Position.INSPECTOR_HEAD)
_EDITING = _all(OWN, Position.EDITOR, Position.UNIT_ADMIN)

DO: dict[str, dict[str, str]] = {
    "import_facts": _CITY_INSPECTION | _all(SUBTREE, Position.SUPERVISOR) | _all(OWN, Position.UNIT_ADMIN),
    "inspect": _CITY_INSPECTION,
    "rescreen": _CITY_INSPECTION,
    "confirm": _CITY_INSPECTION,  # supervisor S by the office's setting: `doors.reach_to_do`
    "dismiss_suspected": _CITY_INSPECTION,
    "find": _CITY_INSPECTION,
    "ask_question": _CITY_INSPECTION,  # 模拟提问, blind to the units
    "dismiss_sent": _HEAD,
    "decide_objection": _HEAD,
    "rectify": _EDITING,
    "answer": _EDITING,
    # §五: who of these, the host or the unit that must answer, says xinmei/interaction/verbs.py.
    "mark_message": _EDITING | _CITY_INSPECTION,
    "hand_over_message": _EDITING | _CITY_INSPECTION,
    "take_back_message": _EDITING,
    "moderate": _EDITING,
    "approve_reply": _all(OWN, Position.SECTION_HEAD),
    "set_reply_rule": _all(OWN, Position.UNIT_ADMIN),
    "object": _all(OWN, Position.LEADER, Position.UNIT_ADMIN),
    "recheck": _CITY_INSPECTION,
    "allow_for_unit": _CITY_INSPECTION,
    "allow_for_all": _HEAD,
    "draft_rules": _CITY_INSPECTION,  # own entries and demotions; a second person releases them
    "release_rules": _HEAD,
    "propose_reading": _CITY_INSPECTION,
    "change_reading": _HEAD,  # a second person
    "draft_paper": _CITY_INSPECTION,
    "issue_paper": _HEAD,
    "close_year": _HEAD,
    "give_unit_posts": _all(OWN, Position.UNIT_ADMIN),
    "propose_posts": _all(CITY, Position.SYSTEM_ADMIN),
    "approve_posts": _all(CITY, Position.SECURITY_ADMIN),
    "unlock": _all(CITY, Position.SECURITY_ADMIN),
    "end_sessions": _all(CITY, Position.SECURITY_ADMIN),
    "see_security_events": _all(CITY, Position.SECURITY_ADMIN),
    "change_settings": _all(CITY, Position.SYSTEM_ADMIN),
    "run_jobs": _all(CITY, Position.SYSTEM_ADMIN),
    "back_up": _all(CITY, Position.SYSTEM_ADMIN),
    "read_events": _all(CITY, Position.AUDIT_ADMIN),
    "verify_events": _all(CITY, Position.AUDIT_ADMIN),
    # 三级审核: the three signatures, and what follows them.
    "write_draft": _all(OWN, Position.EDITOR),
    "check_draft": _all(OWN, Position.SECTION_HEAD),
    "sign_draft": _all(OWN, Position.LEADER),
    "set_review_term": _all(OWN, Position.UNIT_ADMIN),
    "stop_draft": _all(OWN, Position.SECTION_HEAD, Position.LEADER),  # after release; the drafter too
    # Out to the platforms: the secret of an account is its unit administrator's, sending the editors'.
    "connect_channel": _all(OWN, Position.UNIT_ADMIN),
    "send_out": _all(OWN, Position.EDITOR),
    "take_down": _all(OWN, Position.EDITOR, Position.SECTION_HEAD, Position.LEADER),
    # 督办 and the door out: docs/decisions/0134.
    "issue_order": _CITY_INSPECTION,
    "answer_order": _EDITING | _all(OWN, Position.LEADER),
    "decide_order": _CITY_INSPECTION,
    # 提醒 by a person: docs/decisions/0314.
    "remind": _all(OWN, Position.LEADER) | _all(SUBTREE, Position.SUPERVISOR) | _CITY_INSPECTION,
    "resend_notice": _all(OWN, Position.UNIT_ADMIN)
    | _all(SUBTREE, Position.SUPERVISOR)
    | _CITY_INSPECTION
    | _all(CITY, Position.SYSTEM_ADMIN),
    # Personal data are masked for everybody; these reveal them one by one, with a reason.
    "reveal": _all(OWN, *AT_A_UNIT) | _CITY_INSPECTION,
    # Filings 开设、变更、关停、注销. An office acts through its supervisor, or whoever acts for it (registry/filings).
    "write_filing": _EDITING,
    "submit_filing": _all(OWN, Position.UNIT_ADMIN),
    "agree_filing": _all(OWN, Position.UNIT_ADMIN),
    "support_filing": _all(SUBTREE, Position.SUPERVISOR) | _HEAD,
    "approve_filing": _all(SUBTREE, Position.SUPERVISOR) | _HEAD,
    "file_filing": _HEAD,
    # The register beside its filings: `acts.md`, 「Beside them, on the account's id」.
    "update_account": _EDITING,
    "confirm_account": _all(OWN, Position.UNIT_ADMIN),
    "report_incident": _EDITING | _CITY_INSPECTION,
    "record_custody": _all(OWN, Position.UNIT_ADMIN),
    "answer_report": _EDITING | _CITY_INSPECTION,
    "merge_units": _HEAD,
    "change_units": _HEAD,  # a name, an end
    "grant_exemption": _HEAD,
    # 两本账: exports of other systems held against the register.
    "reconcile": _CITY_INSPECTION | _all(SUBTREE, Position.SUPERVISOR) | _all(OWN, Position.UNIT_ADMIN),
    # 清理优化: to keep an account is decided by its unit, its supervisors or the city; cases by the inspectors.
    "keep_account": _all(OWN, Position.UNIT_ADMIN) | _all(SUBTREE, Position.SUPERVISOR) | _CITY_INSPECTION,
    "decide_case": _CITY_INSPECTION,
    "archive_account": _EDITING,
    "approve_source": _HEAD,
    # 六: what an account offers is listed by who runs it.
    "list_function": _EDITING,
    # 六: documents that need explaining; what is only alike is settled by who runs the accounts, or by the city.
    "list_policy": _EDITING | _all(SUBTREE, Position.SUPERVISOR) | _CITY_INSPECTION,
    "settle_explainer": _EDITING | _CITY_INSPECTION,
    "excuse_policy": _all(SUBTREE, Position.SUPERVISOR) | _CITY_INSPECTION,
    # Programs: a token acts as its position; 「the three administrators get none」.
    "hold_token": _all(OWN, *(one for one in Position if one not in ADMINISTRATORS)),
    "hold_webhook": _all(OWN, Position.UNIT_ADMIN) | _HEAD,
}

# What else a supervisor may do where the office lets supervisors confirm (XINMEI_SUPERVISORS_CONFIRM).
BY_SETTING_OF_SUPERVISORS = {"confirm", "dismiss_suspected", "find", "findings_unsent"}

# What a `unit_admin` gives and ends at their own unit. All other positions are proposed by the system administrator
# and approved by the security administrator.
GIVEN_BY_UNIT_ADMIN = (Position.EDITOR, Position.SECTION_HEAD, Position.LEADER)

# The kinds of unit where a position can be held. A position not named here can be held anywhere.
HELD_AT: dict[str, tuple[str, ...]] = {
    Position.SUPERVISOR.value: ("county", "zone", "department"),
    **{position.value: ("city",) for position in (*CITY_INSPECTION, *ADMINISTRATORS)},
}

# The Chinese of each verb, as refusals and the event log say it.
VERB_LABELS: dict[str, str] = {
    "import_facts": "导入数据",
    "inspect": "开展检查",
    "rescreen": "重新筛查",
    "confirm": "确认问题",
    "dismiss_suspected": "不予认定疑似问题",
    "find": "录入问题",
    "ask_question": "办理模拟提问",
    "dismiss_sent": "撤销已反馈的问题",
    "decide_objection": "处理申诉",
    "rectify": "整改",
    "answer": "答复",
    "mark_message": "认定留言",
    "hand_over_message": "转办留言",
    "take_back_message": "收回转办",
    "moderate": "审看留言",
    "approve_reply": "审核答复",
    "set_reply_rule": "设定答复要不要审核",
    "object": "申诉",
    "recheck": "复查",
    "allow_for_unit": "设置本单位不再提示",
    "allow_for_all": "设置全市不再提示",
    "draft_rules": "拟定词条",
    "release_rules": "发布规则",
    "propose_reading": "提出变更解释口径",
    "change_reading": "变更解释口径",
    "draft_paper": "起草通报",
    "issue_paper": "印发通报",
    "close_year": "年度结账",
    "give_unit_posts": "授予或终止本单位岗位",
    "propose_posts": "提出岗位变动",
    "approve_posts": "批准岗位变动",
    "unlock": "解除锁定",
    "end_sessions": "结束会话",
    "see_security_events": "查看安全事件",
    "change_settings": "修改设置",
    "run_jobs": "管理任务",
    "back_up": "备份",
    "read_events": "查看操作留痕",
    "verify_events": "校验操作留痕",
    "write_draft": "拟写稿件",
    "check_draft": "审核稿件",
    "sign_draft": "审签稿件",
    "stop_draft": "撤回已签发的稿件",
    "take_down": "登记撤下",
    "set_review_term": "设定审核限时",
    "connect_channel": "登记平台接口",
    "send_out": "发布稿件到平台",
    "issue_order": "发出督办",
    "answer_order": "答复督办",
    "decide_order": "办结或退回督办",
    "remind": "提醒",
    "resend_notice": "重发消息",
    "reveal": "查看未遮蔽的个人信息",
    "write_filing": "拟写备案",
    "submit_filing": "报送和办理备案",
    "agree_filing": "同意接收账号",
    "support_filing": "以主管单位身份审核备案",
    "approve_filing": "以同级政府办公室身份审核备案",
    "file_filing": "以市政府办公室身份备案",
    "update_account": "更新账号的联系信息",
    "confirm_account": "确认账号的登记",
    "report_incident": "报告账号异常和恢复",
    "record_custody": "登记账号的掌管情况",
    "answer_report": "答复公众纠错",
    "merge_units": "合并单位",
    "change_units": "变更单位",
    "grant_exemption": "批准或终止例外",
    "reconcile": "核对两本账",
    "keep_account": "保留账号",
    "decide_case": "立案和结案",
    "archive_account": "导出账号内容存档",
    "approve_source": "列入或停用稿源单位",
    "list_function": "登记和停用功能",
    "list_policy": "登记要解读的文件",
    "settle_explainer": "认定政策解读",
    "excuse_policy": "把文件记为不用解读",
    "hold_token": "使用程序令牌",
    "hold_webhook": "登记推送地址",
}

# 「in the order of `doors.md`'s table」: which position acts where a person holds several.
POSITION_ORDER: dict[str, int] = {position.value: place for place, position in enumerate(Position)}
