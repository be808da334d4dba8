"""How the states of jobs are shown."""

from __future__ import annotations

from xinmei.jobs.models import Job
from xinmei.pages.badges import Badge

BADGES = {
    "job.state": {
        Job.State.WAITING: Badge("等待", "grey", "clock"),
        Job.State.RUNNING: Badge("进行中", "blue", "refresh"),
        Job.State.SPLIT: Badge("分头办理", "blue", "refresh"),
        Job.State.DONE: Badge("已完成", "green", "circle-check"),
        Job.State.FAILED: Badge("失败", "red", "alert-circle"),
    },
}
