"""Settings: from the environment (`XINMEI_…`), else from one TOML file (`XINMEI_CONFIG`, else `xinmei.toml` in the
working directory), else
the embedded default: SQLite in `./var`, one machine, no other service.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import secrets
import tomllib
from datetime import time
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from csp.constants import NONCE, NONE, SELF

BASE = Path(__file__).resolve().parent


def _read_file() -> dict[str, Any]:
    path = Path(os.environ.get("XINMEI_CONFIG", "xinmei.toml"))
    return (
        {key.upper(): value for key, value in tomllib.loads(path.read_text(encoding="utf-8")).items()}
        if path.is_file()
        else {}
    )


_FILE = _read_file()


def setting(name: str, default: str = "") -> str:
    """The setting `name`: environment variable XINMEI_<name>, else the TOML file's key, else the default."""
    return os.environ.get(f"XINMEI_{name}", str(_FILE.get(name, default)))


def switch(name: str, default: bool) -> bool:
    """A setting that is on or off."""
    return setting(name, "on" if default else "off").strip().lower() in {"1", "on", "true", "yes", "是", "开"}


VAR = Path(setting("VAR", "var")).absolute()


# IMMEDIATE + WAL: a writer waits for the one before it instead of failing in the middle of its transaction.
_SQLITE = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 60,
    "init_command": (
        "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY;"
    ),
}


def _open_database(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": unquote(parts.path.removeprefix("/")) or ":memory:",
            "OPTIONS": _SQLITE,
        }
    if parts.scheme in {"postgres", "postgresql"}:
        query = dict(pair.split("=", 1) for pair in parts.query.split("&") if "=" in pair)
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": unquote(parts.path.lstrip("/")),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": unquote(query.get("host", parts.hostname or "")),
            "PORT": str(parts.port or query.get("port", "")),
            "CONN_MAX_AGE": 60,
            # What is asked with every act is prepared (`xinmei.compiled`). Not behind a pooler that hands out
            # connections by transaction: there `?prepare=off`.
            "OPTIONS": {"prepare_threshold": None if query.get("prepare") == "off" else 5},
        }
    raise SystemExit(f"XINMEI_DATABASE 写的是“{url}”，可用：sqlite:///文件路径、postgresql://用户:口令@主机:端口/库名")


DATABASE_URL = setting("DATABASE", f"sqlite:///{VAR / 'xinmei.sqlite3'}")
DATABASES = {"default": _open_database(DATABASE_URL)}

INSTALLED_APPS = [
    "xinmei.people",  # before auth, whose commands createsuperuser and changepassword it takes off
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "csp",
    "django_htmx",
    "xinmei.units",
    "xinmei.pages",
    "xinmei.jobs",
    "xinmei.files",
    "xinmei.acts",
    "xinmei.api",
    "xinmei.registry",
    "xinmei.notices",
    "xinmei.upkeep",
    "xinmei.packs",
    "xinmei.publishing",
    "xinmei.interaction",
    "xinmei.screening",
    "xinmei.supervision",
    "xinmei.urging",
    "xinmei.assessment",
    "xinmei.reports",
    "xinmei.collectors",
    "xinmei.desk",
]
AUTH_USER_MODEL = "people.Person"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True
ROOT_URLCONF = "xinmei.urls"
WSGI_APPLICATION = "xinmei.wsgi.application"

MIDDLEWARE = [
    # First: what is the same for everybody is answered from memory for a minute.
    "xinmei.pages.shared.SharedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    # Pages go out compressed; the padding of Django's keeps a secret in a page from being told by its length.
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "xinmei.people.middleware.ReadableMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "xinmei.people.middleware.SecurityHeadersMiddleware",
    "xinmei.people.middleware.ActingMiddleware",
    "xinmei.people.middleware.SignedInMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "xinmei.pages.context.frame",
                "xinmei.people.context.frame",
                "xinmei.acts.context.acts",
                "xinmei.notices.context.frame",
            ],
        },
    }
]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
# Served, compressed, by `xinmei.wsgi`; `xinmei serve` collects them. A file's address carries a digest of
# its bytes (`{% asset %}`).
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
# What goes wrong stands in the log of the server, with its traceback; Django alone would only mail it.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler", "level": "ERROR"}},
    "loggers": {"django.request": {"handlers": ["stderr"]}},
}
MESSAGE_TAGS = {20: "green", 25: "green", 30: "amber", 40: "red"}
# A bundle comes in by page too; it is read from a file on disk.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000


def _read_secret() -> str:
    """The secret key: from the setting, else made once and kept in a file that only its owner reads; nobody ships a key
    in the repository.
    """
    if given := setting("SECRET_KEY"):
        return given
    path = VAR / "secret_key"
    try:
        VAR.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return path.read_text()


SECRET_KEY = _read_secret()
ALLOWED_HOSTS = [host.strip() for host in setting("ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]").split(",")]


# Who may see and do what: docs/decisions/0070 and following.
SUPERVISORS_CONFIRM = switch("SUPERVISORS_CONFIRM", False)
LEVEL = int(setting("LEVEL", "2"))  # 等级保护 level; 3 refuses what is for trials only
SECOND_FACTOR = switch("SECOND_FACTOR", True)
if LEVEL >= 3 and not SECOND_FACTOR:
    raise SystemExit(
        "XINMEI_SECOND_FACTOR=off 只可用于试用；XINMEI_LEVEL=3（三级等保）下不允许关闭双因素登录，请去掉该设置"
    )
SECOND_FACTOR_POSITIONS = ("supervisor", "system_admin", "security_admin", "audit_admin")
PASSWORD_PROFILE = setting("PASSWORD_PROFILE", "等保")
if PASSWORD_PROFILE not in {"等保", "ASVS"}:
    raise SystemExit(f"XINMEI_PASSWORD_PROFILE 写的是“{PASSWORD_PROFILE}”，可用：等保、ASVS")
_HASHERS = {
    "argon2": "django.contrib.auth.hashers.Argon2PasswordHasher",
    "pbkdf2_sm3": "xinmei.people.hashers.SM3PasswordHasher",
}
PASSWORD_HASHER = setting("PASSWORD_HASHER", "argon2")
if PASSWORD_HASHER not in _HASHERS:
    raise SystemExit(f"XINMEI_PASSWORD_HASHER 写的是“{PASSWORD_HASHER}”，可用：{'、'.join(_HASHERS)}")
PASSWORD_HASHERS = [_HASHERS[PASSWORD_HASHER], *(path for name, path in _HASHERS.items() if name != PASSWORD_HASHER)]
AUTHENTICATION_BACKENDS = ["xinmei.people.sign_in.Backend"]
IDLE_MINUTES = int(setting("IDLE_MINUTES", "30"))  # without a click
SESSION_HOURS = int(setting("SESSION_HOURS", "10"))  # however busy
BEHIND_PROXY = switch("BEHIND_PROXY", False)  # the last entry of X-Forwarded-For is the visitor
HTTPS = switch("HTTPS", False)

SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True  # the token goes into forms and a meta tag
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
# Nothing comes from elsewhere. NONCE stands for a number of each answer's own, which its page shows as
# `csp_nonce`.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
if BEHIND_PROXY:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
# Single sign-on by OIDC; without an issuer there is none. The log-in name is the claim named here.
OIDC_ISSUER = setting("OIDC_ISSUER").rstrip("/")
OIDC_CLIENT_ID, OIDC_CLIENT_SECRET = setting("OIDC_CLIENT_ID"), setting("OIDC_CLIENT_SECRET")
OIDC_CLAIM = setting("OIDC_CLAIM", "preferred_username")
# Programs of other offices: docs/decisions/0280 and following.
API_ROOT = "/api/v1/"
API_PER_MINUTE = int(setting("API_PER_MINUTE", "600"))  # requests by one token
if API_PER_MINUTE < 1:
    raise SystemExit(f"XINMEI_API_PER_MINUTE 写的是“{API_PER_MINUTE}”，至少是 1")
# How the register of accounts is kept: "" by import, "filings" by filings alone (an empty one may be filled once).
REGISTER = setting("REGISTER")
if REGISTER not in {"", "filings"}:
    raise SystemExit(f"XINMEI_REGISTER 写的是“{REGISTER}”，可用：filings（登记由备案办理）；不写为照旧导入")
# 核验: how many pictures with a QR code one address may ask about in an hour.
PICTURES_PER_HOUR = int(setting("PICTURES_PER_HOUR", "30"))
if PICTURES_PER_HOUR < 1:
    raise SystemExit(f"XINMEI_PICTURES_PER_HOUR 写的是“{PICTURES_PER_HOUR}”，至少是 1")
# 纠错: how many reports one address may send in a day.
REPORTS_PER_DAY = int(setting("REPORTS_PER_DAY", "10"))
if REPORTS_PER_DAY < 1:
    raise SystemExit(f"XINMEI_REPORTS_PER_DAY 写的是“{REPORTS_PER_DAY}”，至少是 1")
# The door out: docs/decisions/0130 and following. What is empty is off. Passwords and keys come from the
# environment alone.
SITE = setting("SITE", "http://127.0.0.1:8000").rstrip(
    "/"
)  # how people reach the site: links in messages begin with it
# How the public reaches the public pages, where they stand elsewhere (a static export on another server): linked data
# and badges name it.
PUBLIC_SITE = setting("PUBLIC_SITE", SITE).rstrip("/")
# A proxy may drop the port or change the name: forms of this address are our own all the same.
CSRF_TRUSTED_ORIGINS = ["{0.scheme}://{0.netloc}".format(urlsplit(SITE))] if setting("SITE") else []
CSRF_FAILURE_VIEW = "xinmei.pages.failing.csrf_failure"
SMTP_HOST, SMTP_USER, SMTP_PASSWORD = (
    setting("SMTP_HOST"),
    setting("SMTP_USER"),
    os.environ.get("XINMEI_SMTP_PASSWORD", ""),
)
SMTP_SECURITY = setting("SMTP_SECURITY", "starttls")
if SMTP_SECURITY not in {"starttls", "ssl", "none"}:
    raise SystemExit(f"XINMEI_SMTP_SECURITY 写的是“{SMTP_SECURITY}”，可用：starttls、ssl、none")
SMTP_PORT = int(setting("SMTP_PORT", {"starttls": "587", "ssl": "465", "none": "25"}[SMTP_SECURITY]))
SMTP_FROM = setting("SMTP_FROM", SMTP_USER or "xinmei@localhost")


def _read_robots(text: str) -> dict[str, dict[str, str]]:
    """The robots of group chats, by the code of the unit whose group it is ("": the city's inspectors)."""
    try:
        robots = json.loads(text)
        read = {
            robot["unit"]: {key: str(robot[key]) for key in ("kind", "address", "secret") if key in robot}
            for robot in robots
        }
        if all(
            {"kind", "address"} <= robot.keys() and robot["kind"] in {"wecom", "dingtalk"} for robot in read.values()
        ):
            return read
    except (ValueError, TypeError, KeyError):
        pass
    example = '[{"unit": "单位代码", "kind": "wecom", "address": "https://…"}]'
    raise SystemExit(
        f"XINMEI_ROBOTS 读不懂，应是这样的 JSON：{example}；kind 可用：wecom（政务微信）、dingtalk（钉钉，可加 secret）"
    )


ROBOTS = _read_robots(os.environ.get("XINMEI_ROBOTS", "[]"))
SMS_URL, SMS_TOKEN = setting("SMS_URL"), os.environ.get("XINMEI_SMS_TOKEN", "")


def _read_networks(name: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
    """Networks inside that may be reached, with commas between."""
    try:
        return tuple(ipaddress.ip_network(word.strip()) for word in setting(name).split(",") if word.strip())
    except ValueError:
        raise SystemExit(
            f"XINMEI_{name} 写的是“{setting(name)}”，应是若干网段，如 10.1.0.0/16,192.168.3.5/32"
        ) from None


FETCH_ALLOW = _read_networks("FETCH_ALLOW")  # where feeds are read and links followed
SECOND_PLACE = setting("SECOND_PLACE")  # a proxy elsewhere, by which a function that fails is seen from there too
if SECOND_PLACE and not re.fullmatch(r"http://[0-9A-Za-z.\-]+:[1-5]?\d{1,4}/?", SECOND_PLACE):
    raise SystemExit(f"XINMEI_SECOND_PLACE 写的是“{SECOND_PLACE}”，应是代理的地址和端口，如 http://10.1.2.3:3128")
PLATFORM_ALLOW = _read_networks("PLATFORM_ALLOW")  # where the interfaces of platforms stand, if behind a gateway
WEBHOOK_ALLOW = _read_networks("WEBHOOK_ALLOW")  # where programs are told of acts
NOTICE_ALLOW = _read_networks("NOTICE_ALLOW")  # where robots and the SMS gateway stand


def _read_interface(name: str, usual: str) -> str:
    """Where the interface of a platform is asked. Secrets go there: over https, or to a gateway inside that the
    operator has named in XINMEI_PLATFORM_ALLOW.
    """
    address = setting(name, usual).rstrip("/")
    if not (address.startswith("https://") or (address.startswith("http://") and PLATFORM_ALLOW)):
        said = "应是 https:// 开头的网址；内网网关可用 http://，网段须写入 XINMEI_PLATFORM_ALLOW"
        raise SystemExit(f"XINMEI_{name} 写的是“{address}”，{said}")
    return address


WECHAT_API = _read_interface("WECHAT_API", "https://api.weixin.qq.com")
WEIBO_API = _read_interface("WEIBO_API", "https://api.weibo.com")
PLATFORM_ADDRESS = setting("PLATFORM_ADDRESS")  # ours, as platforms see it: 微博 asks for it with every post
REMIND_AT = setting("REMIND_AT", "09:00")
try:
    time.fromisoformat(REMIND_AT)
except ValueError:
    raise SystemExit(f"XINMEI_REMIND_AT 写的是“{REMIND_AT}”，应是几点几分，如 09:00") from None
# Signed checkpoints of the event log: best kept where the database's administrator cannot write.
CHECKPOINTS = setting("CHECKPOINTS", str(VAR / "checkpoints.jsonl"))
CHECKPOINT_KEY = Path(setting("CHECKPOINT_KEY", str(VAR / "checkpoint_key.pem")))
# Where several machines do the jobs: the broker that carries their numbers (docs/handbook/cluster.md). Empty: none.
BROKER = setting("BROKER")
if BROKER and urlsplit(BROKER).scheme not in {"redis", "rediss", "redis+socket", "amqp", "amqps"}:
    raise SystemExit("XINMEI_BROKER 应写成 redis://:口令@主机:6379/0；可用：redis、rediss、redis+socket、amqp、amqps")
# How long a job waits whose machine has died.
JOB_LEASE = int(setting("JOB_LEASE", "120"))
if JOB_LEASE < 5:
    raise SystemExit(f"XINMEI_JOB_LEASE 写的是“{JOB_LEASE}”，是多少秒没有续租就由别人接手，至少 5")
# A round of more accounts, a screening of more texts, is done in parts of about so many.
PART_ACCOUNTS, PART_TEXTS = int(setting("PART_ACCOUNTS", "100")), int(setting("PART_TEXTS", "10000"))
# With how many threads one process reads texts.
SCREENING_THREADS = int(setting("SCREENING_THREADS", "2"))
SYSLOG = setting("SYSLOG")  # /dev/log or host:port; empty: none
BACKUPS = setting("BACKUPS", str(VAR / "backups"))  # a folder, best on another disk
BACKUPS_KEPT = int(setting("BACKUPS_KEPT", "30"))
if BACKUPS_KEPT < 1:
    raise SystemExit(f"XINMEI_BACKUPS_KEPT 写的是“{BACKUPS_KEPT}”，至少保留 1 份")
# Files by their digest: a folder, or s3://BUCKET/PREFIX (docs/handbook/files.md). The secret comes from the
# environment alone; without a key the client looks where boto3 usually does.
FILES = setting("FILES", str(VAR / "files"))
if "://" in FILES and not (urlsplit(FILES).scheme == "s3" and urlsplit(FILES).netloc):
    raise SystemExit(f"XINMEI_FILES 写的是“{FILES}”，可用：一个目录，或 s3://桶名/前缀")
S3_ENDPOINT, S3_REGION = setting("S3_ENDPOINT"), setting("S3_REGION")
S3_KEY, S3_SECRET = setting("S3_KEY"), os.environ.get("XINMEI_S3_SECRET", "")
