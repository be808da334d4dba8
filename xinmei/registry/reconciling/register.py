"""The register as it is held against other systems."""

from __future__ import annotations

from collections.abc import Iterable

from xinmei.core.upstream.ours import Ours
from xinmei.registry.models import Account

_FIELDS = (
    "code", "platform", "kind", "name", "handle", "url", "unit__name", "unit__code", "unit__short_names",
    "verification", "status", "filed_city_on", "filed_national_on", "filed_provincial_on",
)  # fmt: skip


def our_accounts() -> list[Ours]:
    """Every account, in service or not, in one query."""
    return [_read(values) for values in Account.objects.order_by("pk").values_list(*_FIELDS)]


def _read(values: Iterable[object]) -> Ours:
    found = dict(zip(_FIELDS, values, strict=True))
    dates = (found["filed_city_on"], found["filed_national_on"], found["filed_provincial_on"])
    unfiled = found["status"] == Account.Status.UNFILED or (found["status"] == Account.Status.ACTIVE and not any(dates))
    texts = {name: str(found[name]) for name in ("platform", "kind", "name", "handle", "url", "verification")}
    names = found["unit__short_names"]
    return Ours(
        **texts,
        id=str(found["code"]),
        unit=str(found["unit__name"]),
        unit_names=(str(found["unit__code"]), *(str(name) for name in (names if isinstance(names, list) else ()))),
        status=str(found["status"]),
        in_service=found["status"] in Account.SERVING,
        filed=not unfiled,
    )
