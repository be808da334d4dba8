"""The work of the screening that people start by a button; each is a job (docs/decisions/0226)."""

from __future__ import annotations

from xinmei.core.verbs import Verb
from xinmei.jobs.actions import starting
from xinmei.jobs.verbs import JOB

RESCREEN = Verb(
    "job.rescreen",
    "现在重看",
    of=JOB,
    makes=True,
    right="rescreen",
    do=starting("rescreen"),
    page="rescreening",
    event="start_job",
    main=True,
)
CHECK_LINKS = Verb(
    "job.check_links",
    "现在查看",
    of=JOB,
    makes=True,
    right="rescreen",
    do=starting("check_links"),
    page="links",
    event="start_job",
    main=True,
)
READ_PICTURES = Verb(
    "job.read_pictures",
    "现在读图",
    of=JOB,
    makes=True,
    right="rescreen",
    do=starting("read_pictures"),
    page="pictures",
    event="start_job",
    main=True,
)
