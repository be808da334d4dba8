"""Each channel against a real server on loopback."""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
import ssl
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.db import transaction

from tests.cast import NOW, City, build_city, build_people
from xinmei.notices import actions
from xinmei.notices.channels.email import Email
from xinmei.notices.channels.outgoing import NotSent, Outgoing
from xinmei.notices.channels.robots import Robots, sign
from xinmei.notices.channels.sms import HttpGateway, Sms
from xinmei.notices.models import Delivery, Notice
from xinmei.notices.tests.servers import Gateway, gateway, mail_server

MESSAGE = Outgoing(
    "xinmei-7",
    "bian@example.cn",
    "问题反馈：错别字",
    "请在 5月13日 周三 24:00 前整改",
    "http://127.0.0.1:8000/findings/1/",
)
LOOPBACK = (ipaddress.ip_network("127.0.0.0/8"),)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate of 127.0.0.1 that signs itself, with its key in one file."""
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(NOW - timedelta(days=3650))
        .not_valid_after(NOW + timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "server.pem"
    plain = serialization.NoEncryption()
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    return path


def offer_tls(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def know(server: object, session: object, envelope: object, mechanism: str, data: object) -> AuthResult:
    """The log-in that the mail server knows."""
    return AuthResult(
        success=isinstance(data, LoginPassword) and (data.login, data.password) == (b"xmt", b"right"), handled=False
    )


def test_mail_by_starttls_with_a_log_in(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(
        tls_context=offer_tls(certificate), require_starttls=True, authenticator=know, auth_required=True
    ) as box:
        Email("127.0.0.1", box.port, "starttls", "xmt", "right", "政务新媒体 <xmt@example.gov.cn>").send(MESSAGE)
        with pytest.raises(NotSent, match="不认登录名或口令"):
            Email("127.0.0.1", box.port, "starttls", "xmt", "wrong", "xmt@example.gov.cn").send(MESSAGE)
    (mail,) = box.mails
    assert mail["Message-ID"] == "<xinmei-7@example.gov.cn>"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert "请在 5月13日 周三 24:00 前整改" in mail.get_content()


def test_mail_by_tls_from_the_first_byte(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with mail_server(ssl_context=offer_tls(certificate)) as box:
        Email("127.0.0.1", box.port, "ssl", "", "", "xmt@example.gov.cn").send(MESSAGE)
    assert len(box.mails) == 1


def test_a_certificate_that_nobody_vouches_for_gets_no_mail(certificate: Path) -> None:
    with mail_server(tls_context=offer_tls(certificate)) as box:
        with pytest.raises(NotSent, match="证书验证不过"):
            Email("127.0.0.1", box.port, "starttls", "", "", "xmt@example.gov.cn").send(MESSAGE)
        assert not box.mails


def test_a_server_without_encryption_gets_no_mail_where_encryption_is_set() -> None:
    with mail_server() as box, pytest.raises(NotSent, match="XINMEI_SMTP_SECURITY"):
        Email("127.0.0.1", box.port, "starttls", "", "", "xmt@example.gov.cn").send(MESSAGE)


@pytest.mark.parametrize("evil", ["题\r\nBcc: all@example.cn", "题\nX: y"])
def test_a_title_makes_no_header_of_its_own(evil: str) -> None:
    with mail_server() as box:
        Email("127.0.0.1", box.port, "none", "", "", "xmt@example.gov.cn").send(
            Outgoing("n", "a@example.cn", evil, "文", "/")
        )
    assert box.mails[0]["Bcc"] is None
    assert box.mails[0]["X"] is None


def test_an_address_that_is_none_is_not_tried_again() -> None:
    with mail_server() as box, pytest.raises(NotSent, match="邮箱写得不对") as refused:
        Email("127.0.0.1", box.port, "none", "", "", "xmt@example.gov.cn").send(
            Outgoing("n", "a@example.cn\nBcc: b@example.cn", "题", "文", "/")
        )
    assert refused.value.final


def robots(taken: Gateway, kind: str, secret: str = "") -> Robots:
    return Robots({"DH": {"kind": kind, "address": f"{taken.address}/send?key=k", "secret": secret}}, LOOPBACK)


def test_a_wecom_robot_gets_a_text_message() -> None:
    with gateway() as taken:
        robots(taken, "wecom").send(Outgoing("xinmei-7", "DH", "标题", "内容", "http://x/"))
    ((path, headers, body),) = taken.posted
    assert path == "/send?key=k"
    assert headers["Content-Type"].startswith("application/json")
    assert body == {"msgtype": "text", "text": {"content": "标题\n内容\nhttp://x/\n编号 xinmei-7"}}


def test_a_dingtalk_robot_gets_a_signed_message() -> None:
    with gateway() as taken:
        robots(taken, "dingtalk", "SECabc").send(Outgoing("xinmei-7", "DH", "标题", "内容", "http://x/"))
    query = parse_qs(urlsplit(taken.posted[0][0]).query)
    (stamp,) = query["timestamp"]
    expected = hmac.new(b"SECabc", f"{stamp}\nSECabc".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(expected).decode()]


def test_the_signature_of_a_known_moment() -> None:
    # computed with openssl:
    # printf '1577262236757\nthis is secret' | openssl dgst -sha256 -hmac 'this is secret' -binary | base64
    assert parse_qs(sign("this is secret", 1577262236757)[1:])["sign"] == [SIGNED]


SIGNED = "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM="


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "机器人没有收下（代码 93000）"),
        (200, "<html>登录</html>".encode(), "机器人的答复看不懂，可能是登录页或网关页"),
        (200, b"[]", "机器人的答复看不懂，可能是登录页或网关页"),
        (302, b"", "对方返回状态 302"),
        (502, b"", "对方返回状态 502"),
    ],
)
def test_a_robot_that_does_not_take_it_says_why_without_its_key(status: int, body: bytes, why: str) -> None:
    with gateway() as taken:
        taken.answers = [(status, body)]
        with pytest.raises(NotSent) as refused:
            robots(taken, "wecom").send(Outgoing("xinmei-7", "DH", "标题", "内容", "http://x/"))
    assert str(refused.value) == why


def test_a_robot_inside_is_reached_only_where_the_operator_allows_it() -> None:
    with gateway() as taken, pytest.raises(NotSent, match="XINMEI_NOTICE_ALLOW"):
        Robots({"DH": {"kind": "wecom", "address": taken.address}}, ()).send(Outgoing("n", "DH", "题", "文", "/"))
    assert not taken.posted


def test_a_long_message_is_cut_for_the_robot() -> None:
    with gateway() as taken:
        robots(taken, "wecom").send(Outgoing("xinmei-7", "DH", "标题", "长" * 3000, "http://x/"))
    assert len(taken.posted[0][2]["text"]["content"].encode()) < 2048


def test_a_short_message_goes_by_the_gateway_with_its_number() -> None:
    with gateway() as taken:
        Sms(HttpGateway(f"{taken.address}/sms", "token", LOOPBACK)).send(
            Outgoing("xinmei-7", "13800005678", "逾期督办", "长文", "http://x/")
        )
    ((path, headers, body),) = taken.posted
    assert (path, headers["Authorization"], headers["Idempotency-Key"]) == ("/sms", "Bearer token", "xinmei-7")
    assert body == {"phone": "13800005678", "text": "【政务新媒体】逾期督办", "id": "xinmei-7"}


@pytest.fixture
def city(db: None) -> City:
    return build_people(build_city())


def tell(city: City, **fields: object) -> None:
    unit = city.units["DH"]
    usual = {
        "kind": "sent",
        "key": "1",
        "audience": "editors",
        "unit": unit,
        "about": unit,
        "thing": "findings_sent",
        "title": "标题",
        "address": "/",
    }
    with transaction.atomic():
        actions.tell([Notice(**(usual | fields))], at=NOW)


def test_the_group_of_a_unit_hears_what_is_for_its_editors_and_not_what_is_for_its_leader(
    city: City, settings: Any
) -> None:
    with gateway() as taken:
        settings.ROBOTS = {"DH": {"kind": "wecom", "address": taken.address}}
        settings.NOTICE_ALLOW = LOOPBACK
        tell(city)
        tell(city, audience="leaders")
        tell(city, unit=city.units["SW"], about=city.units["SW"])
        assert actions.deliver_waiting(NOW + timedelta(minutes=5)).sent == 1
    assert len(taken.posted) == 1


def test_only_what_is_urgent_goes_by_short_message(city: City, settings: Any) -> None:
    with gateway() as taken:
        settings.SMS_URL, settings.SMS_TOKEN, settings.NOTICE_ALLOW = taken.address, "t", LOOPBACK
        tell(city)
        tell(city, key="2", kind="escalation", audience="leaders", urgent=True, title="逾期督办")
        assert actions.deliver_waiting(NOW).sent == 1
    assert [body["text"] for _, _, body in taken.posted] == ["【政务新媒体】逾期督办"]
    assert Delivery.objects.get().channel == "sms"
