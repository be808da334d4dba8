"""Pages that say why nothing came of a request: what happened, what to do, and what had been typed.

Django calls those that stand in `xinmei/urls.py` and in the settings; the middleware calls `failed`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.middleware.csrf import REASON_BAD_ORIGIN, REASON_BAD_REFERER, get_token
from django.template.loader import render_to_string

# By status: what happened, and what to do.
SAYS = {
    400: ("这次提交读不懂", "没有办成，什么也没有改。请返回上一页，刷新后再试。"),
    403: ("不能这样做", "没有这个权限，什么也没有改。需要的话，请让有这个岗位的人来办。"),
    404: ("没有这个页面", "地址写错了，或者它不在您的岗位范围内。"),
    409: ("这一页是登录变化以前打开的", "没有提交。请返回上一页，刷新后再提交一次。"),
    413: ("这次提交太大", "没有提交。文件请压缩或分几次传，文字请分几次写。"),
    429: ("操作太频繁", "没有提交。请稍等一会儿再试。"),
    500: ("系统出错了", "已经记录下来，没有办成。请稍后再试；反复出现请告诉系统管理员。"),
}
# Names of fields whose content is never shown again.
_SECRET = re.compile(r"password|code|secret|token|key|^old$|^new$|^again$", re.IGNORECASE)
_MOST, _LONGEST = 20, 100_000


def is_fetched(request: HttpRequest) -> bool:
    """Whether a script asks, which wants words and no page."""
    return request.headers.get("X-Requested-With") == "fetch" or request.headers.get("HX-Request") == "true"


def typed_in(request: HttpRequest) -> list[str]:
    """What a person wrote into the form that was sent: sentences, never passwords, marks or numbers of rows."""
    if request.method != "POST":
        return []
    try:
        sent = list(request.POST.lists())
    except (BadRequest, SuspiciousOperation, MultiPartParserError, UnreadablePostError):
        return []
    return [text[:_LONGEST] for name, values in sent for text in values if is_sentence(name, text)][:_MOST]


def is_sentence(name: str, text: str) -> bool:
    """Whether a field holds what a person wrote, as against a password, a mark or the number of a row."""
    is_secret = _SECRET.search(name.rpartition("-")[2])
    return not is_secret and re.search(r"[^\x00-\x7f]|\s|.{20}", text.strip()) is not None


def failed(
    request: HttpRequest, status: int, *, why: str = "", todo: str = "", headers: Mapping[str, str] | None = None
) -> HttpResponse:
    """The page of a status; `why` and `todo` where there is more to say."""
    title, usual = SAYS[status]
    said: dict[str, Any] = {"title": title, "why": why, "todo": todo or usual}
    if is_fetched(request):
        return JsonResponse({"error": f"{why or title}。{said['todo']}"}, status=status, headers=headers)
    page = render_to_string("pages/failed.html", said | {"typed": typed_in(request)})
    return HttpResponse(page, status=status, headers=headers)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django could not read."""
    return failed(request, 400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django refused."""
    return failed(request, 403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same for what is not there and what is out of reach: it tells nothing."""
    return failed(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Something broke."""
    return failed(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form is of another log-in, or the site is reached under an address that the server does not know of.

    The first is 409 for scripts, which ask for the new token and send again.
    """
    if _is_about_address(reason):
        return failed(request, 403, why="服务器认不出这个网址", todo=_say_what_to_set(request))
    if is_fetched(request):
        token = get_token(request)
        answer = {"error": "登录已变化，没有提交；您写的还在。", "changed": True, "token": token}
        return JsonResponse(answer, status=409, headers={"X-Session": "changed"})
    page = failed(request, 409)
    page.status_code = 403  # as browsers and proxies know a refused token
    return page


def _is_about_address(reason: str) -> bool:
    beginnings = (one.partition("%s")[0] for one in (REASON_BAD_ORIGIN, REASON_BAD_REFERER))
    return any(one and reason.startswith(one) for one in beginnings)


def _say_what_to_set(request: HttpRequest) -> str:
    """For whoever set the server up: which settings make the address known."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    here = f"{request.scheme}://{request.get_host()}"
    return (
        f"没有提交。浏览器用的是 {origin or '（没有写明）'}，服务器看到的是 {here}，"
        f"XINMEI_SITE 写的是 {settings.SITE}。"
        "请系统管理员把 XINMEI_SITE 设成浏览器里的网址（含端口），"
        "并让前面的代理原样传递主机名和端口（nginx：proxy_set_header Host $http_host;）；"
        "用 https 的，代理还要传 X-Forwarded-Proto，并设 XINMEI_BEHIND_PROXY=on。"
    )
