"""Personal data in text: numbers with their check digits, and what stands around them.

Each detector gives places `(start, end, sure)` in the text that `see_through` made: there digits are digits, however
they are written, and what nobody sees is left out. Blanks or hyphens within a number are seen through by the
detectors themselves. A contact that an office publishes on purpose (咨询电话 and the like) is not a leak of personal
data: see docs/decisions/0031.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date

from xinmei.core.screening import style
from xinmei.core.screening.folding import DIGITS, INVISIBLE, Folding
from xinmei.core.screening.matcher import folder

Span = tuple[int, int, bool]
# Full-width ASCII and blanks as ASCII, place for place.
NARROW: Folding = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
NARROW.update(dict.fromkeys((0x3000, 0xA0, 0x2002, 0x2003, 0x2009, 0x202F), 0x20))
NARROW.update(dict.fromkeys((0x2010, 0x2011, 0x2013), 0x2D))
NARROW.update(dict.fromkeys(INVISIBLE))
NARROWED = folder(NARROW)
UNSEEN = frozenset(map(chr, INVISIBLE))
# A number in which several digits are written in another way; a single one beside a number is the mark of a list or a
# note.
OTHER = "".join(map(chr, DIGITS))
OTHER_NUMBER = re.compile(rf"[0-9{OTHER}](?:[ \-]?[0-9{OTHER}]){{6,}}")
OTHER_DIGITS = frozenset(OTHER)
WITH_DIGITS = folder(dict(DIGITS))
SINGLE = 3  # so many are marks
GAP = r"[ \-]?"
PERSONAL = re.compile(
    r"名单|身份证|手机号|家庭|住宅|本人|户主|家属|患者|学生|考生|受助|救助|姓名|当事人|申请人|法定代表人|被执行人|个人"
)
OFFICIAL = re.compile(
    r"咨询|热线|举报|投诉|服务|监督|报名|值班|办公|客服|预约|受理|来电|总机|传真|救援|报警|电话：?$|联系"
)
ACCOUNT_OF_OFFICE = re.compile(r"对公|单位|捐赠|捐款|缴款|国库|财政|公司|收款|开户")
CARD = re.compile(r"卡|账|帐|银行|存折|户")
DOCUMENT = re.compile(r"护照|通行证|证件|证号")
VEHICLE = re.compile(r"车主|驾驶人|姓名|驾驶员|司机")
HOME = re.compile(r"住址|家住|现住|家庭地址|户籍地|居住地|联系地址|住所地")

MOBILE = re.compile(r"(?<![\d.])(?:\+?86" + GAP + r")?(1[3-9]\d" + GAP + r"\d{4}" + GAP + r"\d{4})(?![\d.]\d|\d)")
LANDLINE = re.compile(r"(?<![\d\-])(\(?0[1-9]\d{1,2}\)?" + GAP + r"[2-8]\d{2,3}" + GAP + r"\d{4})(?!\d)")
IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])([1-8]\d{5}"
    + GAP
    + r"(?:18|19|20)\d{2}"
    + GAP
    + r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
    + GAP
    + r"\d{3}[\dXx])(?![0-9A-Za-z])"
)
BANK_CARD = re.compile(
    r"(?<![0-9A-Za-z.])([3-6]\d{3}(?:" + GAP + r"\d{4}){2}" + GAP + r"\d{3,4}(?:" + GAP + r"\d{1,3})?)(?![0-9A-Za-z])"
)
EMAIL = re.compile(
    r"(?<![0-9A-Za-z._%+\-])([0-9A-Za-z._%+\-]{1,64}@(?:[0-9A-Za-z\-]{1,63}\.){1,4}[A-Za-z]{2,10})(?![0-9A-Za-z])"
)
PASSPORT = re.compile(
    r"(?<![0-9A-Za-z])((?:[EeDdSsPpGgHhMmCcWw]\d{8})|(?:[Ee][A-HJ-NP-Za-hj-np-z]\d{7}))(?![0-9A-Za-z])"
)
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
PLATE = re.compile(
    rf"([{PROVINCES}][A-Z][·•. ]?(?:[A-HJ-NP-Z0-9]{{5}}|[DF][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[DF]))(?![0-9A-Za-z])"
)
HOUSE = re.compile("[号幢栋组弄]")
ADDRESS = re.compile(
    r"((?:[\u4e00-\u9fff]{1,12}(?:村|社区|路|街|巷|小区|花园|苑|庄))[\u4e00-\u9fff]{0,8}[0-9零一二三四五六"
    r"七八九十]{1,5}(?:号|幢|栋|组|弄)(?:[0-9A-Za-z\-]{1,6}(?:单元|室|号|幢|栋))*)"
)


def see_through(text: str) -> tuple[str, Sequence[int]]:
    """The text as the detectors read it, and for each of its characters the place in `text`."""
    plain = NARROWED(text)
    if not plain.isascii() and WITH_DIGITS(plain) != plain:
        plain = OTHER_NUMBER.sub(_as_digits, plain)
    if len(plain) == len(text):
        return plain, range(len(text))
    return plain, [place for place, character in enumerate(text) if character not in UNSEEN]


def _as_digits(number: re.Match[str]) -> str:
    return number[0].translate(DIGITS) if sum(map(OTHER_DIGITS.__contains__, number[0])) > SINGLE else number[0]


def _before(text: str, place: int, width: int = 14) -> str:
    """What stands just before a place, within its sentence."""
    return re.split(r"[。！？；\n]", text[max(0, place - width) : place])[-1]


def _around(text: str, start: int, end: int, width: int = 40) -> str:
    return text[max(0, start - width) : end + width]


def _digits(text: str) -> str:
    return re.sub(r"[ \-()]", "", text)


def passes_check_digit(number: str) -> bool:
    """GB 11643: the 18th character of a citizen's number is the check digit by ISO 7064 MOD 11-2.

    The birthday must exist.
    """
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return (
        "10X98765432"[sum(int(digit) * (2 ** (17 - i) % 11) for i, digit in enumerate(number[:17])) % 11]
        == number[17].upper()
    )


def passes_luhn(number: str) -> bool:
    """The check digit of bank cards."""
    doubled = (sum(divmod(int(digit) * 2, 10)) if i % 2 else int(digit) for i, digit in enumerate(reversed(number)))
    return sum(doubled) % 10 == 0


def find_mobile(text: str) -> Iterator[Span]:
    """Mobile numbers: 11 digits, 13–19."""
    for found in MOBILE.finditer(text):
        start, end = found.span(1)
        if text[end : end + 2] in ("位", "元") or (
            text[max(0, start - 1) : start].isalnum() and text[start - 1].isascii()
        ):
            continue
        before = _before(text, start)
        yield start, end, bool(PERSONAL.search(before)) or not OFFICIAL.search(before)


def find_landline(text: str) -> Iterator[Span]:
    """Landlines with area code, only those of a private person."""
    for found in LANDLINE.finditer(text):
        start, end = found.span(1)
        before = _before(text, start, 20)
        if PERSONAL.search(before) and not OFFICIAL.search(
            before.rsplit("，", 1)[-1].removesuffix("电话").removesuffix("联系")
        ):
            yield start, end, bool(re.search(r"家庭|住宅|本人|户主|家属", before))


def find_identity(text: str) -> Iterator[Span]:
    """Citizens' numbers: sure with a right check digit, possible without."""
    for found in IDENTITY.finditer(text):
        yield *found.span(1), passes_check_digit(_digits(found[1]))


def find_bank_card(text: str) -> Iterator[Span]:
    """Bank cards: 15–19 digits with a right check digit.

    They are sure beside a word for card or account, unless it is an office's account.
    """
    for found in BANK_CARD.finditer(text):
        number = _digits(found[1])
        if not 15 <= len(number) <= 19 or not passes_luhn(number) or IDENTITY.match(found[1]):
            continue
        before = _before(text, found.start(1), 30)
        if ACCOUNT_OF_OFFICE.search(before) and not PERSONAL.search(before):
            continue
        yield *found.span(1), bool(CARD.search(before))


def find_email(text: str) -> Iterator[Span]:
    """E-mail addresses. An office's own is not a person's."""
    for found in EMAIL.finditer(text):
        start, end = found.span(1)
        if re.search(r"gov\.cn$", found[1], re.IGNORECASE):
            continue
        before = _before(text, start, 30)
        yield (
            start,
            end,
            bool(PERSONAL.search(before)) and not re.search(r"报名|投稿|咨询|反馈|意见|举报|发送|提交|投诉", before),
        )


def find_passport(text: str) -> Iterator[Span]:
    """Passports and travel permits, beside the word for it."""
    for found in PASSPORT.finditer(text):
        if DOCUMENT.search(_before(text, found.start(1), 20)):
            yield *found.span(1), True


def find_plate(text: str) -> Iterator[Span]:
    """Number plates; sure beside the owner."""
    for found in PLATE.finditer(text):
        yield *found.span(1), bool(VEHICLE.search(_around(text, *found.span(1), 20)))


def find_address(text: str) -> Iterator[Span]:
    """A home address below the township."""
    if not HOUSE.search(text):
        return
    for found in ADDRESS.finditer(text):
        if HOME.search(_before(text, found.start(1), 16)) or (HOME.search(found[1][:16])):
            yield *found.span(1), True


# name -> (detector, number of characters kept at the head and at the tail when masked)
PRIVACY: dict[str, tuple[Callable[[str], Iterator[Span]], int, int]] = {
    "mobile": (find_mobile, 3, 4),
    "landline": (find_landline, 4, 2),
    "identity": (find_identity, 2, 3),
    "bank_card": (find_bank_card, 4, 4),
    "email": (find_email, 1, 0),
    "passport": (find_passport, 1, 2),
    "plate": (find_plate, 2, 1),
    "address": (find_address, 0, 0),
}
ALL: dict[str, Callable[[str], Iterator[Span]]] = {
    name: detector for name, (detector, _, _) in PRIVACY.items()
} | style.DETECTORS
# What the scan looks for, so that a detector reads only where it can find anything. Each has a number of characters on
# either side, more than the detector looks at.
# A run of this many digits calls these detectors. The 18th of a citizen's number may be an X; the first ones of a
# landline may stand in brackets.
BY_DIGITS = {"mobile": 11, "landline": 7, "identity": 17, "bank_card": 15, "passport": 7}
REACH = {"sum": 100, "address": 80}
USUAL_REACH = 60
TRIGGERS: dict[str, tuple[str, ...]] = {
    "email": tuple(f"@{first}" for first in "0123456789abcdefghijklmnopqrstuvwxyz"),
    "plate": tuple(province + letter for province in PROVINCES for letter in "abcdefghijklmnopqrstuvwxyz"),
    "address": ("住址", "家住", "现住", "家庭地址", "户籍地", "居住地", "联系地址", "住所地"),
} | style.TRIGGERS


def mask_piece(piece: str, head: int, tail: int) -> str:
    """Stars for letters and digits between head and tail. Signs, the domain of an address and the length stay."""
    letters = [i for i, character in enumerate(piece) if character.isalnum()]
    if "@" in piece:
        letters = [i for i in letters if i < piece.index("@")]
    hidden = set(letters[head : len(letters) - tail])
    return "".join("*" if i in hidden else character for i, character in enumerate(piece))


# What pages call the masked data.
PRIVACY_LABELS = {
    "mobile": "手机号",
    "landline": "座机号",
    "identity": "身份证号",
    "bank_card": "银行卡号",
    "email": "邮箱",
    "passport": "证件号",
    "plate": "车牌号",
    "address": "住址",
}


def find_personal_data(text: str) -> list[tuple[int, int, str]]:
    """(start, end, name of the detector) of each piece that `mask` masks, in order of place."""
    plain, where = see_through(text)
    return sorted(
        (where[start], where[end - 1] + 1, name)
        for name, (detector, _, _) in PRIVACY.items()
        for start, end, _ in detector(plain)
    )


def mask_found(rule: str, text: str) -> str:
    """The words of a hit, masked whole by the detector that its rule names, else by what is found in them."""
    name = rule.rpartition("/")[2]
    if name not in PRIVACY:
        return mask(text)
    plain, where = see_through(text)
    return _put_stars(list(text), where, mask_piece(plain, *PRIVACY[name][1:]))


def mask(text: str) -> str:
    """`text` with the personal data in it masked star for character: 138****1234, 35*************123; places stay as
    they are.
    """
    plain, where = see_through(text)
    characters = list(text)
    for detector, head, tail in PRIVACY.values():
        for start, end, _ in detector(plain):
            _put_stars(characters, where[start:end], mask_piece(plain[start:end], head, tail))
    return "".join(characters)


def _put_stars(characters: list[str], where: Sequence[int], masked: str) -> str:
    """Puts the stars of `masked` to their places; what else is there stays as it was."""
    for place, star in zip(where, masked, strict=True):
        if star == "*":
            characters[place] = star
    return "".join(characters)
