"""A sentence laid out over several lines is one line for the reader."""

from __future__ import annotations

import pytest
from django.template import Context, Template, TemplateSyntaxError


def draw(template: str, /, **context: object) -> str:
    return Template("{% load pages %}" + template).render(Context(context))


SENTENCE = (
    "{% oneline %}\n  还有 <b>{{ n }} 件</b>\n  {% if late %}\n    ，已逾期\n  {% endif %}\n  。\n{% endoneline %}"
)


def test_breaks_and_indents_are_left_out_and_spaces_within_a_line_stay():
    assert draw(SENTENCE, n=2, late=True) == "还有 <b>2 件</b>，已逾期。"
    assert draw(SENTENCE, n=2, late=False) == "还有 <b>2 件</b>。"


def test_what_a_person_wrote_keeps_its_breaks():
    assert draw("{% oneline %}\n  {{ text }}\n{% endoneline %}", text="一\n二") == "一\n二"


def test_a_line_may_be_kept_under_a_name():
    assert draw("{% oneline as why %}\n  没有，\n  再看。\n{% endoneline %}[{{ why }}]") == "[没有，再看。]"


def test_it_is_used_in_no_other_way():
    with pytest.raises(TemplateSyntaxError, match="oneline"):
        draw("{% oneline why %}{% endoneline %}")
