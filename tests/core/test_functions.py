"""功能: what an answer says of a function, three-valued."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xinmei.core.functions import Answer, Outcome, function_kinds, judge_function, stray_of, tells_apart
from xinmei.core.needs import excess_of

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
        ("app", page("<title>澄州通</title>政务应用"), Outcome.UNSEEN, "没有看到版本"),
        ("app", page("<title>澄州通</title>该应用已下架"), Outcome.FAILS, "下架"),
        ("link", page("<title>提示</title>该内容已被发布者删除"), Outcome.FAILS, "找不到内容"),
        ("service", page("<div id=app></div><script src=a.js></script>"), Outcome.UNSEEN, "浏览器"),
        ("service", page("<title>办事</title>请稍候<input type=hidden><script></script>"), Outcome.UNSEEN, "浏览器"),
        ("service", page("<iframe src=/form.html></iframe>"), Outcome.UNSEEN, "另一个网页里"),
        ("link", page("<meta http-equiv=Refresh content='0;url=/new'>"), Outcome.UNSEEN, "转到了别处"),
    ],
)
def test_an_answer_says_whether_a_function_works(kind: str, answer: Answer, outcome: Outcome, reason: str) -> None:
    found = judge_function(kind, answer)

    assert found.outcome is outcome
    assert reason in found.reason


def test_an_apps_page_says_which_version_it_has_and_since_when() -> None:
    shop = page("<title>澄州通</title>版本 3.2.1 更新日期：2026年5月6日，上架时间 2020-01-01")

    judged = judge_function("app", shop)
    assert (judged.outcome, judged.version, judged.updated_on) == (Outcome.WORKS, "3.2.1", date(2026, 5, 6))
    named = page('<script>{"softwareVersion":"v4.0","dateModified":"2026-07-01"}</script>澄州通')
    assert judge_function("app", named).version == "4.0"


def test_a_page_that_leads_on_by_itself_says_where_to() -> None:
    assert judge_function("service", page("<iframe src='/form.html'></iframe>")).follow.endswith(".gov.cn/form.html")
    assert judge_function("link", page("<meta http-equiv=refresh content='60;url=/new'>好")).follow == ""
    assert judge_function("link", page("<iframe src='javascript:alert(1)'></iframe>")).follow == ""


def test_a_site_that_says_the_same_of_everything_says_nothing() -> None:
    here, other = page("<title>澄州</title>欢迎"), page("<title>澄州</title>  欢迎")

    assert stray_of(HERE) != HERE
    assert stray_of("https://www.chengzhou.gov.cn/") == ""
    assert not tells_apart(here, other)
    assert tells_apart(here, page("<title>澄州</title>没有"))
    assert tells_apart(here, page("<title>澄州</title>欢迎", status=404))


FORM = page("<form>申请人<label>姓名</label><input><input placeholder='身份证号码'><input name=mobile></form>")


def test_what_a_form_asks_for_and_such_a_service_does_not_need_is_told_with_its_law() -> None:
    asked = judge_function("service", FORM).asks_for
    day = date(2026, 5, 11)

    assert asked == ("姓名", "手机号", "身份证号")
    assert excess_of("预约取号", asked, day) is None
    excess = excess_of("民意调查", asked, day)
    assert excess is not None
    assert (excess.items, "个人信息保护法" in excess.law) == (asked, True)
    assert excess_of("澄州一码通", asked, day) is None  # no such kind of service: nothing is said
    assert excess_of("民意调查", asked, date(2021, 10, 31)) is None  # before the law was in force


def test_a_page_is_read_in_its_own_encoding_even_cut_inside_a_character() -> None:
    text = "<title>页面不存在</title>".encode("gb18030") + "好".encode("gb18030")[:1]

    assert judge_function("link", Answer(200, (HERE,), "text/html", text)).outcome is Outcome.FAILS


@given(
    st.sampled_from([kind for kind, _ in function_kinds()]),
    st.integers(100, 599),
    st.text(max_size=60),
    st.binary(max_size=300),
)
def test_no_answer_breaks_the_judge(kind: str, status: int, content_type: str, head: bytes) -> None:
    judged = judge_function(kind, Answer(status, (HERE,), content_type, head))

    assert bool(judged.reason) is (judged.outcome is not Outcome.WORKS)
