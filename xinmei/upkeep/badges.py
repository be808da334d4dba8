"""How the states of backups are shown."""

from __future__ import annotations

from xinmei.pages.badges import Badge

BADGES = {
    "backup.state": {
        "unchecked": Badge("未演练", "grey", "circle-dashed"),
        "recoverable": Badge("可恢复", "green", "circle-check"),
        "broken": Badge("恢复不出来", "red", "alert-circle"),
    },
}
