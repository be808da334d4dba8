"""发布包: everything that is needed to publish a draft by hand, in one file."""

from __future__ import annotations

import io
import zipfile

from xinmei.publishing.channels.interface import Content
from xinmei.publishing.models import Draft
from xinmei.registry.models import Account

_STEPS = """发布清单：{title}
账号：{account}（{platform}）

1. 标题、正文、署名在同一个文件夹里，原样复制，不要改一个字；要改的，退回重新送审。
2. 图片按文件名的次序放{cover}
3. 署名放在正文末尾：{byline}
4. 发布前在平台上预览一遍，对照签发稿。
5. {generated}
6. 发布以后复制链接，到稿件页点“登记发布”，粘回链接和发布时间。
   {address}

签发稿的 SHA-256：{sha256}
"""


def make_kit(draft: Draft, account: Account, content: Content, address: str) -> bytes:
    """The file. Texts are UTF-8 with a mark, so that every office program reads them."""
    pictures = content.pictures
    steps = _STEPS.format(
        title=content.title,
        account=account.name,
        platform=account.get_platform_display(),
        cover="；第一张也作封面（封面文件夹里另有一份）。" if pictures else "：这篇没有图片，封面用平台的默认图。",
        byline=content.byline,
        address=address,
        sha256=draft.release.sha256,
        generated=f"这篇有人工智能生成的{what}，在平台上勾选声明；图片是的，图上也要有提示。"
        if (what := draft.get_generated_display())
        else "没有声明人工智能生成的内容，平台上不用勾选。",
    )
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        texts = {"0-发布清单": steps, "1-标题": content.title, "2-正文": content.text, "3-署名": content.byline}
        for name, words in texts.items():
            file.writestr(f"{name}.txt", words.replace("\n", "\r\n").encode("utf-8-sig"))
        for place, picture in enumerate(pictures, start=1):
            file.writestr(f"4-图片/{place:02}-{_plain(picture.name)}", picture.data)
        if pictures:
            file.writestr(f"5-封面/{_plain(pictures[0].name)}", pictures[0].data)
    return kept.getvalue()


def _plain(name: str) -> str:
    """The name of a file without anything that leads elsewhere."""
    return "".join(letter for letter in name if letter.isalnum() or letter in "._- ").strip(". ")[-80:] or "图片"
