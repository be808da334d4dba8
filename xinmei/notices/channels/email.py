"""E-mail by SMTP, one connection a message, every step with a time limit."""

from __future__ import annotations

import smtplib
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

from xinmei.notices.channels.outgoing import NotSent, Outgoing

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Email:
    """A mail server.

    `security`: "ssl" from the first byte, "starttls" before the log-in, "none" on one machine or in a trusted network.
    """

    host: str
    port: int
    security: str
    user: str
    password: str
    sender: str

    def send(self, message: Outgoing) -> None:
        """Hands one mail over; a repetition carries the same Message-ID.

        Raises NotSent, `final` where the address is refused for good.
        """
        mail = EmailMessage(policy=SMTP)
        try:
            mail["Subject"], mail["From"], mail["To"] = " ".join(message.title.split()), self.sender, message.to
        except ValueError:
            raise NotSent("收件人的邮箱写得不对", final=True) from None
        mail["Message-ID"] = f"<{message.number}@{self.sender.rpartition('@')[2].strip('> ')}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(
            f"{message.text}\n\n去办理：{message.address}\n\n本邮件由政务新媒体管理平台自动发出，请勿回复。\n"
        )
        try:
            with self._connect() as server:
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise NotSent(f"邮件服务器不收这个地址（{code}）", final=code >= 500) from None
        except smtplib.SMTPAuthenticationError:
            raise NotSent("邮件服务器不认登录名或口令，请运维核对 XINMEI_SMTP_USER、XINMEI_SMTP_PASSWORD") from None
        except smtplib.SMTPResponseException as answer:
            raise NotSent(f"邮件服务器答复 {answer.smtp_code}，没有收下") from None
        except smtplib.SMTPNotSupportedError:
            raise NotSent("邮件服务器不支持所设的加密或登录方式，请运维核对 XINMEI_SMTP_SECURITY") from None
        except ssl.SSLError:
            raise NotSent("与邮件服务器建立加密连接失败（证书验证不过或加密方式不符）") from None
        except TimeoutError:
            raise NotSent(f"邮件服务器 {SECONDS:g} 秒内没有答复") from None
        except (OSError, smtplib.SMTPException):
            raise NotSent("连接不上邮件服务器，或中途断开") from None

    def _connect(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context()
        if self.security == "ssl":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=SECONDS, context=trusted)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=SECONDS)
        try:
            if self.security == "starttls":
                server.starttls(context=trusted)
            if self.user:
                server.login(self.user, self.password)
        except (OSError, smtplib.SMTPException):
            server.close()
            raise
        return server
