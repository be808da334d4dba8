"""功能: what an answer says of a function, three-valued."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.functions import Answer, Outcome, function_kinds, judge_function

HERE = "https://fw.chengzhou.gov.cn/banshi"
HTML = "text/html; charset=utf-8"


def page(text: str, *hops: str, status: int = 200, content_type: str = HTML) -> Answer:
    return Answer(status, hops or (HERE,), content_type, text.encode())


GUIDE = page("<title>办事指南</title><body><form><input name=id></form>请填写身份证号</body>")
LONG = "关于整治网页“页面不存在”问题的通知。" + "各单位要逐个检查。" * 60


@pytest.mark.parametrize(
    ("kind", "answer", "outcome", "reason"),
    [
        ("service", GUIDE, Outcome.WORKS, ""),
        ("download", page("PK\x03\x04", content_type="application/zip"), Outcome.WORKS, ""),
        ("link", page("", status=404), Outcome.FAILS, "状态 404"),
        ("link", page("", status=502), Outcome.FAILS, "服务出错"),
        ("link", page("", status=403), Outcome.UNSEEN, "被拦截"),
        ("link", page("", status=503), Outcome.UNSEEN, "正在维护"),
        ("link", page("<title>提示</title>抱歉，您访问的页面不存在"), Outcome.FAILS, "页面说找不到内容"),
        ("link", page("<title>404 Not Found</title>"), Outcome.FAILS, "找不到内容"),
        ("link", page("<title>域名出售</title>请联系"), Outcome.FAILS, "停放或出售"),
        ("link", page("<title>澳门新葡京</title>"), Outcome.FAILS, "被篡改"),
        ("link", page(f"<title>通知</title><p>{LONG}"), Outcome.WORKS, ""),
        ("menu", page("好", HERE, "https://fw.chengzhou.gov.cn/"), Outcome.UNSEEN, "网站首页"),
        ("menu", page("好", HERE, "https://item.taobao.com/1"), Outcome.FAILS, "购物、推广网站"),
        ("menu", page("好", HERE, "https://www.example.com/banshi"), Outcome.UNSEEN, "另一个网站"),
        ("menu", page("好", HERE, "https://www.chengzhou.gov.cn/banshi"), Outcome.WORKS, ""),
        ("service", page("<title>办事</title>请到窗口办理"), Outcome.UNSEEN, "没有可以填写"),
        ("download", page("<title>下载</title>点此"), Outcome.UNSEEN, "不是文件"),
        ("app", page(""), Outcome.UNSEEN, "页面是空的"),
    ],
)
def test_an_answer_says_whether_a_function_works(kind: str, answer: Answer, outcome: Outcome, reason: str) -> None:
    found = judge_function(kind, answer)

    assert found[0] is outcome
    assert reason in found[1]


def test_a_page_is_read_in_its_own_encoding_even_cut_inside_a_character() -> None:
    text = "<title>页面不存在</title>".encode("gb18030") + "好".encode("gb18030")[:1]

    assert judge_function("link", Answer(200, (HERE,), "text/html", text))[0] is Outcome.FAILS


@given(
    st.sampled_from([kind for kind, _ in function_kinds()]),
    st.integers(100, 599),
    st.text(max_size=60),
    st.binary(max_size=300),
)
def test_no_answer_breaks_the_judge(kind: str, status: int, content_type: str, head: bytes) -> None:
    outcome, reason = judge_function(kind, Answer(status, (HERE,), content_type, head))

    assert bool(reason) is (outcome is not Outcome.WORKS)
