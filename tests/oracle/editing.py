"""Random walks through drafts and their three signatures."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from .draft import Draft
from .offers import FILE
from .walks import Walk

# A wrong word, a grave misstatement, a telephone number: what the product makes of them is the product's.
TRIGGERS = ("本次工作涉及财政拔款有关事项。", "本次工作涉及中华人民共合国有关事项。", "联系电话13912345678。")
THEMES = ("防汛抗旱", "营商环境优化", "森林防火", "养老服务", "文明城市创建", "校园安全")
# What may come next in a state, the more likely the more often.
NEXT = {
    "DRAFT": ("send",) * 8 + ("write",) * 3 + ("settle",) * 2 + ("withdraw",),
    "RETURNED": ("send",) * 4 + ("write",) * 4 + ("settle", "withdraw"),
    "CHECKING": ("check",) * 8 + ("amend", "amend", "return", "recall", "settle", "settle"),
    "SIGNING": ("sign",) * 8 + ("amend", "return", "recall", "settle", "settle"),
    "RELEASED": ("published",) * 8 + ("withdraw", "write"),
    "PUBLISHED": ("taken_down",) * 3 + ("published", "withdraw"),
    "WITHDRAWN": ("write", "send", "withdraw"),
}


class Editing(Walk):
    """One walk through drafts; now and then an account is closed or an exemption granted beside them."""

    prefix = "draft."

    def _sensible(self) -> tuple[str, Any, dict[str, Any]]:
        drafts = [d for d in self.oracle.drafts if id(d) in self.line_of]
        going = [d for d in drafts if d.state != "WITHDRAWN"]
        if not going or self.random.random() < 0.03 + 0.2 / (1 + len(going)):
            return "draft.write", None, self._new()
        draft = self.random.choice(drafts if self.random.random() < 0.05 else going[-2:])
        return self._sensible_for(draft)

    def _sensible_for(self, draft: Draft) -> tuple[str, Any, dict[str, Any]]:
        verb = "draft." + self.random.choice(NEXT[draft.state])
        if verb == "draft.settle" and not draft.hits:
            verb = "draft.write" if draft.state == "DRAFT" else "draft.amend"
        return verb, draft, self.fields(verb, draft)

    def fields(self, verb: str, draft: Draft) -> dict[str, Any]:
        random, name = self.random, verb.split(".")[1]
        if name in ("send", "check", "sign"):
            return {"version": draft.version}
        if name == "write":
            return self._written(draft)
        if name == "amend":
            return {"version": draft.version, random.choice(["title", "text"]): self._text()}
        if name == "settle":
            hits = [str(hit["id"]) for hit in draft.hits] or ["99999999"]
            return {"hit": random.choice(hits), "why": random.choice(["原文如此", "系引文"])}
        if name == "published":
            return self._published(draft)
        if name == "taken_down":
            return {"account": random.choice(draft.accounts), "at": self.at.isoformat(), "reason": "内容有误"}
        if name in ("return", "withdraw"):
            more = {"passages": ["第一段"]} if name == "return" and random.random() < 0.3 else {}
            return {"reason": "需补充数据"} | more
        return {}

    def _new(self) -> dict[str, Any]:
        random, oracle = self.random, self.oracle
        units = [unit for unit in oracle.town.units if any(a.unit == unit for a in oracle.accounts.values())]
        whole = [unit for unit in units if all(self._held(post, unit) for post in ("section_head", "leader"))]
        unit = random.choice(random.choice([units, whole, whole, whole]) or units)
        codes = [a.code for a in oracle.accounts.values() if a.unit == unit and a.in_service]
        if not codes:
            codes = [next(iter(oracle.accounts))]
        fields = {"accounts": random.sample(codes, random.randint(1, len(codes))), "origin": "original"}
        fields |= {"title": f"扎实推进{random.choice(THEMES)}", "text": self._text()}
        if random.random() < 0.35:
            fields |= {"origin": "repost", "source": random.choice(["新华社", "新华社", "某自媒体工作室"])}
            fields |= {"source_reason": "上级要求转载"} if random.random() < 0.8 else {}
        if random.random() < 0.15:
            fields |= {"images": [FILE]}
            fields |= {"text": None} if random.random() < 0.5 else {}
        published = [d for d in oracle.drafts if d.state == "PUBLISHED" and d.id]
        if published and random.random() < 0.5:
            old = random.choice(published)
            fields |= {"corrects": old.id, "accounts": list(old.accounts)}
        return fields

    def _held(self, post: str, unit: str) -> bool:
        return bool(self.oracle.town.holders(post, unit, self.at))

    def _text(self) -> str:
        random = self.random
        text = f"近日召开专题会议，研究部署{random.choice(THEMES)}工作，走访群众{random.randrange(2000)}户。"
        return text + (random.choice(TRIGGERS) if random.random() < 0.3 else "")

    def _written(self, draft: Draft) -> dict[str, Any]:
        random = self.random
        choices: list[dict[str, Any]] = [
            {"title": f"图说{random.choice(THEMES)}"},
            {"text": self._text()},
            {"text": draft.text} if draft.text else {"title": draft.title},
            {"form": random.choice(["graphic", "text"])},
            {"accounts": list(reversed(draft.accounts))},
            {"origin": "repost", "source": "新华社"},
            {"images": [FILE]},
        ]
        more = {"version": draft.version} if random.random() < 0.4 else {}
        return random.choice(choices) | more

    def _published(self, draft: Draft) -> dict[str, Any]:
        random = self.random
        left = [code for code in draft.accounts if code not in draft.published]
        fields: dict[str, Any] = {"account": random.choice(left if left and random.random() < 0.85 else draft.accounts)}
        if random.random() < 0.25:
            return fields | {"skipped": "该平台不发此类信息"}
        at = self.at - timedelta(minutes=random.choice([0, 0, 5, 60]))
        return fields | {"at": at.isoformat(), "url": f"https://example.invalid/p{random.randrange(10**6)}"}

    def _other(self, thing: Any) -> tuple[str, dict[str, Any]]:
        verb = self.random.choice([name for name in self.oracle.verbs if name.startswith(self.prefix)])
        return verb, self.fields(verb, thing)

    def _wrong_values(self, thing: Any) -> dict[str, list[Any]]:
        released = getattr(thing, "released_at", None) or self.at
        moments = [self.at + timedelta(days=3), released, released - timedelta(seconds=1), self.at]
        version = getattr(thing, "version", 1)
        return {
            "version": [version - 1, version + 1, "一"],
            "at": [moment.isoformat() for moment in moments],
            "account": ["A99", self.random.choice(list(self.oracle.accounts))],
            "accounts": [["A99"], [], [self.random.choice(list(self.oracle.accounts))]],
            "origin": ["repost", "copied"],
            "source": [None, "某自媒体工作室"],
            "title": [getattr(thing, "title", None) or ""],
            "text": [getattr(thing, "text", None) or ""],
            "hit": ["99999999"],
            "corrects": ["99999999"],
            "skipped": [""],
        }
