"""A step on a finding carries its order along; the page of the finding shows it."""

from __future__ import annotations

from xinmei.supervision.following import after_step, part_of_page
from xinmei.urging.actions import follow

after_step(follow)
part_of_page("urging/order_of_finding.html")
