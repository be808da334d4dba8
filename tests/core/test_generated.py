"""What a text says of its having been made by a machine."""

from __future__ import annotations

from xinmei.core.generated import labelling


def test_the_rule_judges_its_own_examples_and_needs_both_words() -> None:
    assert labelling().is_in(f"春耕开始。（{labelling().example}）")
    assert not labelling().is_in("AI。\n生成")
