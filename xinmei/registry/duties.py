"""What waits of readings, and of people and their positions."""

from __future__ import annotations

from datetime import datetime

from django.urls import reverse

from xinmei.core.rulebook import readings
from xinmei.pages.duties import Desk, Duty, NextStep
from xinmei.people.doors import may
from xinmei.people.events import Acting
from xinmei.people.models import Person, Post, PostProposal
from xinmei.registry.readings.queries import waiting_for
from xinmei.registry.staff.queries import idle_people, without_post


def at_desk(acting: Acting, now: datetime) -> Desk:
    """For those who approve what somebody else proposed."""
    desk = Desk()
    if may(acting, "change_reading"):
        desk.duties += _to_approve(acting)
    if may(acting, "approve_posts"):
        desk.duties += _to_give()
    return desk


def _to_approve(acting: Acting) -> list[Duty]:
    """Changes of readings that somebody else proposed: 「by two persons」. One query."""
    waiting = waiting_for(acting)
    return [
        Duty(
            f"批准解释口径的变更：{readings()[one.name].title}",
            f"{one.proposed_name}提出",
            f"{reverse('reading', args=[one.name])}#act",
            "去看",
            order=60,
        )
        for one in waiting
    ]


def _to_give() -> list[Duty]:
    """Posts that the system administrator proposed. One query."""
    waiting = PostProposal.objects.filter(state=PostProposal.State.WAITING).count()
    return (
        [
            Duty(
                f"批准岗位变动 {waiting} 项",
                "系统管理员提出",
                reverse("staff_proposals"),
                "去批准",
                count=waiting,
                order=70,
            )
        ]
        if waiting
        else []
    )


def next_steps(acting: Acting, now: datetime) -> list[NextStep]:
    """For those who keep people and positions in order. One query."""
    listed = reverse("staff")
    if acting.post == Post.SYSTEM_ADMIN:
        postless = without_post(Person.objects.all(), now).count()
        about = f"今天没有岗位的 {postless} 人" if postless else "有人到岗、离岗的，提出岗位变动，由安全管理员批准"
        address = f"{listed}?state=postless" if postless else listed
        return [NextStep("建立人员、提出岗位变动", about, address, "去看人员", order=10)]
    if acting.post == Post.SECURITY_ADMIN:
        idle = idle_people(Person.objects.all(), now).count()
        about = f"90 天没有登录的 {idle} 人，不再任职的请系统管理员提出终止"
        return [NextStep("核对在岗人员", about, f"{listed}?state=idle", "去看名单", order=20)]
    return []
