"""The settings, as the system administrator reads them.

Addresses of machines are shown; passwords, keys and tokens never are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connection

from xinmei.core.calendar import SHANGHAI, load_calendar
from xinmei.jobs.jobs import KEPT
from xinmei.people.models import Position

NOTHING = "无"


@dataclass(frozen=True)
class Setting:
    """One line.

    `says` is what holds now. `variable` is what to set to change it; where it is "", `where` says why not. `colour` is
    amber for what needs attention.
    """

    title: str
    says: str
    variable: str
    where: str = ""
    colour: str = ""

    @property
    def is_literal(self) -> bool:
        """Whether the value is a word of the machine (a path, an address) and not a sentence."""
        return self.says.isascii()


def describe_settings(now: datetime) -> list[tuple[str, list[Setting]]]:
    """All groups with their lines. One query."""
    return [
        ("运行", _running()),
        ("登录", _signing_in()),
        ("平台接口", _platforms()),
        ("日历", _calendar(now)),
        ("消息", _notices()),
        ("保存和备份", _keeping()),
    ]


def _carriers() -> str:
    """Never with the password that the address holds."""
    if not settings.BROKER:
        return "一台机器自己办"
    where = urlsplit(settings.BROKER)
    return f"多台机器，由 {where.scheme}://{where.hostname or where.path} 传递编号"


def _on(value: bool) -> str:
    return "开" if value else "关"


def _running() -> list[Setting]:
    where = connection.settings_dict
    kind = (
        "SQLite，一个文件，适合一台机器"
        if connection.vendor == "sqlite"
        else f"PostgreSQL，库名 {where['NAME']}，在 {where['HOST'] or '本机'}"
    )
    insecure = "" if settings.HTTPS else "amber"
    return [
        Setting("数据库", kind, "XINMEI_DATABASE", "sqlite:///文件路径，或 postgresql://用户:口令@主机:端口/库名"),
        Setting("数据目录", str(settings.VAR), "XINMEI_VAR"),
        Setting("后台任务由谁办", _carriers(), "XINMEI_BROKER", "redis://:口令@主机:端口/0；不写为一台机器自己办"),
        Setting("时区", "北京时间（东八区）", "", "固定，不可改：期限都按北京时间算"),
        Setting("网页的域名", "、".join(settings.ALLOWED_HOSTS), "XINMEI_ALLOWED_HOSTS", "逗号隔开"),
        Setting(
            "只用加密连接（HTTPS）", _on(settings.HTTPS), "XINMEI_HTTPS", "on 或 off；对外提供网页时应开", insecure
        ),
        Setting(
            "前面有反向代理", _on(settings.BEHIND_PROXY), "XINMEI_BEHIND_PROXY", "on 或 off；开了才认代理转来的访客地址"
        ),
        Setting(
            "采集允许读取的内网", _networks(settings.FETCH_ALLOW), "XINMEI_FETCH_ALLOW", "网段，逗号隔开；公网不用写"
        ),
        Setting(
            "看功能的第二处",
            settings.SECOND_PLACE or "没有设：打不开的只从一处看两次",
            "XINMEI_SECOND_PLACE",
            "另一处的代理，http://主机:端口，要许可到 80、443 的隧道（CONNECT）",
        ),
    ]


def _networks(networks: object) -> str:
    return "、".join(str(one) for one in networks) or NOTHING if isinstance(networks, tuple) else NOTHING


def _signing_in() -> list[Setting]:
    positions = "、".join(Position(position).label for position in settings.SECOND_FACTOR_POSITIONS)
    factor = f"开：{positions}登录须用动态口令" if settings.SECOND_FACTOR else "关：只凭口令登录，只供试用"
    profile = {
        "等保": "等保：至少10位，含大写、小写、数字、符号中的三种，90天更换，不与最近5次相同",
        "ASVS": "ASVS：至少15位，不在常见口令表里，不强制更换",
    }[settings.PASSWORD_PROFILE]
    sso = f"开：{settings.OIDC_ISSUER}" if settings.OIDC_ISSUER else "没有配置，用本系统的登录名和口令"
    return [
        Setting("等级保护", f"{settings.LEVEL} 级", "XINMEI_LEVEL", "2 或 3；3 级不许关闭双因素登录"),
        Setting("双因素登录", factor, "XINMEI_SECOND_FACTOR", "on 或 off", "" if settings.SECOND_FACTOR else "amber"),
        Setting("口令要求", profile, "XINMEI_PASSWORD_PROFILE", "等保 或 ASVS"),
        Setting("口令怎样存", settings.PASSWORD_HASHER, "XINMEI_PASSWORD_HASHER", "argon2 或 pbkdf2_sm3（国密）"),
        Setting("多久不操作要重新登录", f"{settings.IDLE_MINUTES} 分钟", "XINMEI_IDLE_MINUTES"),
        Setting("最长多久要重新登录", f"{settings.SESSION_HOURS} 小时", "XINMEI_SESSION_HOURS"),
        Setting("统一身份认证", sso, "XINMEI_OIDC_ISSUER", "连同 …_CLIENT_ID、…_CLIENT_SECRET、…_CLAIM"),
        Setting(
            "主管可以确认问题",
            _on(settings.SUPERVISORS_CONFIRM),
            "XINMEI_SUPERVISORS_CONFIRM",
            "on 或 off；由市政府办公室定",
        ),
        Setting("程序接口每分钟最多", f"{settings.API_PER_MINUTE} 次，每个令牌", "XINMEI_API_PER_MINUTE"),
        Setting("推送允许送往的内网", _networks(settings.WEBHOOK_ALLOW), "XINMEI_WEBHOOK_ALLOW", "网段，逗号隔开"),
    ]


def _platforms() -> list[Setting]:
    return [
        Setting("公众号接口的地址", settings.WECHAT_API, "XINMEI_WECHAT_API", "官方地址，或内网网关"),
        Setting("微博接口的地址", settings.WEIBO_API, "XINMEI_WEIBO_API", "官方地址，或内网网关"),
        Setting(
            "平台接口网关所在的内网", _networks(settings.PLATFORM_ALLOW), "XINMEI_PLATFORM_ALLOW", "网段，逗号隔开"
        ),
        Setting("本系统的出口地址", settings.PLATFORM_ADDRESS or NOTHING, "XINMEI_PLATFORM_ADDRESS", "发微博要用"),
    ]


def _calendar(now: datetime) -> list[Setting]:
    calendar = load_calendar()
    years, today = sorted(calendar.years), now.astimezone(SHANGHAI)
    # The arrangement of a year is published in the autumn before it. From then on its absence is worth a warning.
    wanted = [
        year for year in (today.year, *([today.year + 1] if today.month >= 11 else [])) if year not in calendar.years
    ]
    missing = "、".join(f"{year}年" for year in wanted)
    says = f"{years[0]}–{years[-1]}年的放假调休安排" + (
        f"；{missing}还没有，落在其中的期限标为“暂定”" if missing else ""
    )
    where = "国务院办公厅公布下一年的安排后，升级到带有它的版本（规则目录 calendar 里一年一个文件）"
    return [Setting("放假调休", says, "", where, "amber" if missing else "")]


def _notices() -> list[Setting]:
    channels = (
        ("邮件", settings.SMTP_HOST, "XINMEI_SMTP_HOST"),
        ("工作群机器人", settings.ROBOTS, "XINMEI_ROBOTS"),
        ("短信", settings.SMS_URL, "XINMEI_SMS_URL"),
    )
    lines = [
        Setting(name, "已配置" if says else "没有配置，不发", variable, "口令、令牌只从环境变量读，这里不显示")
        for name, says, variable in channels
    ]
    lines.append(Setting("合并提醒", f"工作日 {settings.REMIND_AT}", "XINMEI_REMIND_AT", "几点几分，如 09:00"))
    lines.append(Setting("消息里的链接", settings.SITE, "XINMEI_SITE", "别人打开本站用的地址"))
    return lines


def _keeping() -> list[Setting]:
    syslog = settings.SYSLOG or "不另送"
    files = f"{settings.FILES}（{settings.S3_ENDPOINT}）" if settings.S3_ENDPOINT else str(settings.FILES)
    return [
        Setting("文件放在", files, "XINMEI_FILES", "目录，或 s3://桶名/前缀（连同 XINMEI_S3_…）；口令只从环境变量读"),
        Setting(
            "业务数据、证据、操作留痕", "一直保存，系统不自行删除", "", "固定；人员离岗后的个人信息由运维按规定清除"
        ),
        Setting("后台任务记录", f"{KEPT.days} 天", "", "固定"),
        Setting("备份放在", str(settings.BACKUPS), "XINMEI_BACKUPS", "目录；最好在另一块盘上，并定期另拷到别的机器"),
        Setting("备份保留", f"最近 {settings.BACKUPS_KEPT} 份", "XINMEI_BACKUPS_KEPT", "份数，至少 1"),
        Setting("留痕的签名检查点", settings.CHECKPOINTS, "XINMEI_CHECKPOINTS", "文件；最好在数据库管理员写不到的地方"),
        Setting("检查点另送日志服务器", syslog, "XINMEI_SYSLOG", "/dev/log 或 主机:端口"),
    ]
