"""Single sign-on against a real provider on loopback: discovery, code with PKCE, keys, an ID token signed by RS256."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.cast import build_city, build_people

pytestmark = pytest.mark.django_db
KEY = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "one", "use": "sig", "alg": "RS256"})


class Provider(ThreadingHTTPServer):
    """A small provider: `asked` is what the last browser came with; `claims` and `key` let a test make it lie."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answers)
        self.issuer = f"http://127.0.0.1:{self.server_port}"
        self.asked: dict[str, str] = {}
        self.claims: dict[str, Any] = {}
        self.key = KEY


class Answers(BaseHTTPRequestHandler):
    """Discovery, keys, token."""

    server: Provider

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _say(self, answer: dict[str, Any], status: int = 200) -> None:
        data = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        issuer = self.server.issuer
        if self.path == "/.well-known/openid-configuration":
            self._say(
                {
                    "issuer": issuer,
                    "authorization_endpoint": f"{issuer}/auth",
                    "token_endpoint": f"{issuer}/token",
                    "jwks_uri": f"{issuer}/keys",
                }
            )
        elif self.path == "/keys":
            self._say({"keys": [KEY.as_dict(private=False)]})
        else:
            self._say({}, 404)

    def do_POST(self) -> None:
        form = {
            name: values[0]
            for name, values in parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()).items()
        }
        challenge = (
            base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        )
        basic = base64.b64decode(self.headers["Authorization"].removeprefix("Basic ")).decode()
        if form["code"] != "good" or challenge != self.server.asked["code_challenge"] or basic != "xinmei:secret":
            self._say({"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {
            "iss": self.server.issuer,
            "aud": "xinmei",
            "sub": "1",
            "iat": now,
            "exp": now + 300,
            "nonce": self.server.asked["nonce"],
        }
        token = jwt.encode(
            {"alg": "RS256", "kid": "one"}, claims | {"preferred_username": "cha"} | self.server.claims, self.server.key
        )
        self._say({"access_token": "x", "token_type": "Bearer", "id_token": token})


@pytest.fixture
def provider(settings) -> Iterator[Provider]:
    server = Provider()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID, settings.OIDC_CLIENT_SECRET = server.issuer, "xinmei", "secret"
    settings.OIDC_CLAIM, settings.SECOND_FACTOR = "preferred_username", False
    build_people(build_city())
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def go_there(client: Client, provider: Provider) -> str:
    """Starts at our log-in; the provider sees what the browser brings. Returns the state."""
    answer = client.get("/login/oidc/?next=/account/")
    provider.asked = {name: values[0] for name, values in parse_qs(urlsplit(answer["Location"]).query).items()}
    return provider.asked["state"]


def test_there_and_back_is_a_log_in(provider):
    client = Client()
    state = go_there(client, provider)
    back = client.get("/login/oidc/back/", {"code": "good", "state": state})
    assert (back.status_code, back["Location"]) == (302, "/account/")
    assert client.get("/account/").status_code == 200


def test_a_state_works_once_and_only_in_its_browser(provider):
    client = Client()
    state = go_there(client, provider)
    assert Client().get("/login/oidc/back/", {"code": "good", "state": state}).status_code == 403
    assert client.get("/login/oidc/back/", {"code": "good", "state": "x"}).status_code == 403
    assert client.get("/login/oidc/back/", {"code": "good", "state": state}).status_code == 403


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "other"},
        {"aud": "another"},
        {"iss": "http://127.0.0.1:1"},
        {"exp": 1},
        {"preferred_username": "nobody"},
        {"preferred_username": ""},
    ],
    ids=lambda claims: next(iter(claims)),
)
def test_what_the_token_says_must_be_true_of_this_log_in(provider, claims):
    provider.claims = claims
    client = Client()
    state = go_there(client, provider)
    assert client.get("/login/oidc/back/", {"code": "good", "state": state}).status_code == 403
    assert client.get("/account/").status_code == 302


def test_a_token_signed_with_another_key_is_none(provider):
    provider.key = OTHER_KEY
    client = Client()
    state = go_there(client, provider)
    assert client.get("/login/oidc/back/", {"code": "good", "state": state}).status_code == 403


def test_a_bad_code_opens_nothing(provider):
    client = Client()
    state = go_there(client, provider)
    assert client.get("/login/oidc/back/", {"code": "bad", "state": state}).status_code == 403


def test_a_provider_that_does_not_answer_is_said(provider, settings):
    settings.OIDC_ISSUER = "http://127.0.0.1:9"
    answer = Client().get("/login/oidc/")
    assert answer.status_code == 403
    assert "没有正确应答" in answer.content.decode()


def test_without_a_provider_there_is_no_such_door(settings):
    settings.OIDC_ISSUER = ""
    assert Client().get("/login/oidc/").status_code == 404
