"""The backup and its rehearsal, as people start them; each is a job (docs/decisions/0226)."""

from __future__ import annotations

from xinmei.core.verbs import Verb
from xinmei.jobs.actions import starting
from xinmei.jobs.verbs import JOB
from xinmei.upkeep.forms import RehearseFields

BACK_UP = Verb(
    "job.back_up",
    "现在备份",
    of=JOB,
    makes=True,
    right="back_up",
    do=starting("back_up"),
    page="backups",
    event="start_job",
    main=True,
)
REHEARSE = Verb(
    "job.rehearse",
    "恢复演练",
    of=JOB,
    makes=True,
    right="back_up",
    fields=RehearseFields,
    do=starting("rehearse_restore"),
    page="backups",
    event="start_job",
)
