"""「Nothing changes what was released」: the database itself refuses it, whoever asks."""

from __future__ import annotations

import base64

import pytest
from django.db import DatabaseError, connection, transaction

from tests.cast import build_city, build_people
from tests.drafting import TEXT, release, write
from xinmei.publishing.drafts import unchanging
from xinmei.publishing.drafts.sealing import is_intact
from xinmei.publishing.models import Draft, DraftVersion, Release

pytestmark = pytest.mark.django_db
PICTURE = {"name": "图.png", "base64": base64.b64encode(b"picture").decode()}


@pytest.fixture
def guarded():
    build_people(build_city())
    unchanging.install(connection)
    yield
    unchanging.remove(connection)


def refused(statement: str) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return "签发的稿件不能改动" in str(error)
    return False


def test_the_database_refuses_to_change_a_version_a_picture_or_a_release(guarded):
    draft = release(images=[PICTURE])
    for statement in (
        "UPDATE publishing_draftversion SET text = '改'",
        "UPDATE publishing_draftversion SET title = '改'",
        "UPDATE publishing_draftimage SET place = 7",
        "UPDATE publishing_release SET byline = '改'",
        "UPDATE publishing_release SET sha256 = '改'",
        "DELETE FROM publishing_release",
    ):
        assert refused(statement), statement
    assert is_intact(Release.objects.get(draft=draft))


def test_what_is_not_released_is_written_anew_and_never_over(guarded):
    draft = write()
    assert refused("UPDATE publishing_draftversion SET text = '改'")
    assert DraftVersion.objects.get(draft=draft).text == TEXT


def test_the_database_knows_that_three_signatures_are_three_people(guarded):
    draft = release()
    for same in ({"reviewer": "bian"}, {"signatory": "bian"}, {"signatory": "shen"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Draft.objects.filter(pk=draft.pk).update(**same)
