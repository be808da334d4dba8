"""核对签发稿: whoever logs in sees whether a code is one, and whether a text is what was signed."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.cast import act, build_city, build_people, sign_in
from tests.drafting import TEXT, release
from xinmei.publishing.drafts.verifying import code_of

pytestmark = pytest.mark.django_db


def test_a_code_is_found_however_it_is_written_and_a_wrong_one_is_said_to_be_wrong():
    city = build_people(build_city())
    draft = release()
    code = code_of(draft.release)
    client = sign_in(Client(), city.people["wang"])

    def asked(**form: str) -> str:
        return client.post("/released/", form).content.decode()

    assert "是签发的稿件" in asked(code=code.lower().replace("-", " "))
    wrong = asked(code=f"{'0' if code[0] != '0' else '1'}{code[1:]}")
    assert "没有签发过核对码是这个的稿件" in wrong
    assert "是签发的稿件" not in wrong
    for short in (code[:-1], "' OR 1=1", "%"):
        assert "没有签发过核对码是这个的稿件" in asked(code=short)
    assert "正文和签发的一样" in asked(code=code, text=TEXT)
    assert "正文和签发的不同" in asked(code=code, text=TEXT.replace("可", "不可"))
    act("draft.withdraw", draft.pk, by="qian", reason="情况有变")
    assert "签发后停发" in asked(code=code)
