"""The real time of an answer that is registered later, with what shows it."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.cast import NOW, City, sign_in
from tests.lived import SENT_AT, live_two_months
from xinmei.interaction.models import AnswerProof, Reply

SAID = "本周三上午恢复，届时请再拨打。"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\2\0\0\0"
pytestmark = pytest.mark.django_db


@pytest.fixture
def city(settings):
    settings.SECOND_FACTOR = False
    with time_machine.travel(NOW, tick=False):
        yield live_two_months()


def _send(city: City, replied_at: str, file: object = None):
    fields = {"answer-text": SAID, "answer-replied_at": replied_at}
    return sign_in(Client(), city.people["bian"]).post(
        "/messages/M1/answer/", fields | ({"answer-file": file} if file else {})
    )


def test_an_answer_counts_from_when_it_was_given_where_something_shows_it(city: City) -> None:
    answer = _send(city, "2026-05-11T16:30", SimpleUploadedFile("截图.png", PNG))
    assert answer.status_code == 302, answer.content.decode()
    reply = Reply.objects.get(message__code="M1", text=SAID)
    assert reply.replied_at == SENT_AT + timedelta(hours=1, minutes=30)
    proof = AnswerProof.objects.get()
    page = sign_in(Client(), city.people["bian"]).get("/messages/M1/").content.decode()
    assert "实际答复：5月11日 周一 16:30" in page
    address = f"/messages/M1/proofs/{proof.pk}/"
    assert sign_in(Client(), city.people["bian"]).get(address).content == PNG
    assert sign_in(Client(), city.people["zhu"]).get(address).status_code == 403
    assert sign_in(Client(), city.people["lin"]).get(address).status_code == 404


@pytest.mark.parametrize(
    ("replied_at", "said"),
    [
        ("2026-05-11T16:30", "要附能看出时间的截图"),
        ("2026-05-11T14:00", "答复不会早于它"),
        ("2026-05-12T11:00", "还没有到"),
        ("昨天下午", "应写成 2026-11-27T09:30:00 这样的时间"),
    ],
)
def test_a_time_that_nothing_shows_or_that_cannot_be_is_refused_with_what_was_written(
    city: City, replied_at: str, said: str
) -> None:
    answer = _send(city, replied_at)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert SAID in page
    assert not Reply.objects.filter(text=SAID).exists()


def test_without_a_time_it_counts_from_now(city: City) -> None:
    assert _send(city, "").status_code == 302
    assert Reply.objects.get(text=SAID).replied_at == NOW
    assert not AnswerProof.objects.exists()
