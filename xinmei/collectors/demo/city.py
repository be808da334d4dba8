"""Units of the made city 澄州 (there is no such place), their staff, and the people who log in."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from xinmei.collectors.demo.texts import several, texts, whole

CITY = "澄州"
# name, kind, stem of its accounts' names, log-in prefix; more are made for larger cities
COUNTIES = (
    ("望溪县", "county", "望溪", "wangxi"),
    ("禾塘县", "county", "禾塘", "hetang"),
    ("竹亭县", "county", "竹亭", "zhuting"),
    ("枫渡区", "county", "枫渡", "fengdu"),
    ("澄南经济开发区", "zone", "澄南", "chengnan"),
)
COUNTY_HEADS = "禾竹松枫桐荷霞石沙泉湖沐晨景岚芦棠苇蓝碧晴朗星月虹暖穗"
COUNTY_TAILS = "塘亭渡岗堰汀畈陌圩岭屿埠垄野泽洲丘峰麓岸桥井栏坞台坝畔庄津堤林谷皋岩渠"
# of two characters each
TOWN_HEADS = "白鹭杏花柳叶青禾红枫晴川碧泉金穗稻香芦花石榴梧桐银杏桂花春山秋水长亭古槐翠竹云杉"
TOWN_TAILS = "渡桥湾坪岗堰塘店集坝"
# name, field of its texts, what stands in its accounts' names, log-in prefix, short name, supervises a vertical system
DEPARTMENTS = (
    ("发展和改革委员会", "政务", "发改", "fagai", "发改委", False),
    ("教育局", "教育", "教育", "jiaoyu", "", False),
    ("科学技术局", "人社", "科技", "keji", "", False),
    ("工业和信息化局", "政务", "工信", "gongxin", "工信局", False),
    ("公安局", "公安", "公安", "gongan", "", False),
    ("民政局", "民政", "民政", "minzheng", "", False),
    ("司法局", "政务", "司法", "sifa", "", False),
    ("财政局", "政务", "财政", "caizheng", "", False),
    ("人力资源和社会保障局", "人社", "人社", "renshe", "人社局", False),
    ("自然资源和规划局", "住建", "自然资源", "ziran", "资源规划局", False),
    ("生态环境局", "生态环境", "生态环境", "huanjing", "", True),
    ("住房和城乡建设局", "住建", "住建", "zhujian", "住建局", False),
    ("城市管理局", "住建", "城管", "chengguan", "城管局", False),
    ("交通运输局", "交通", "交通", "jiaotong", "交通局", False),
    ("水利局", "水利", "水利", "shuili", "", False),
    ("农业农村局", "农业农村", "农业农村", "nongye", "", False),
    ("商务局", "市场监管", "商务", "shangwu", "", False),
    ("文化广电和旅游局", "文旅", "文旅", "wenlv", "文广旅局", False),
    ("卫生健康委员会", "卫健", "健康", "weijian", "卫健委", False),
    ("退役军人事务局", "民政", "退役军人", "tuiyi", "", False),
    ("应急管理局", "应急", "应急", "yingji", "", False),
    ("市场监督管理局", "市场监管", "市场监管", "shichang", "市场监管局", False),
    ("医疗保障局", "医保", "医保", "yibao", "医保局", False),
    ("税务局", "税务", "税务", "shuiwu", "", True),
)
COUNTY_DEPARTMENTS = (
    ("教育局", "教育", "教育", "jiaoyu"),
    ("卫生健康局", "卫健", "健康", "weijian"),
    ("农业农村局", "农业农村", "农业农村", "nongye"),
    ("交通运输局", "交通", "交通", "jiaotong"),
    ("税务局", "税务", "税务", "shuiwu"),
    ("生态环境局", "生态环境", "生态环境", "huanjing"),
)
# name, field, what stands in its accounts' names, log-in prefix, the department above it
INSTITUTIONS = (
    ("疾病预防控制中心", "卫健", "疾控", "jikong", "卫生健康委员会"),
    ("第一人民医院", "卫健", "一院", "yiyuan", "卫生健康委员会"),
    ("图书馆", "文旅", "图书馆", "tushuguan", "文化广电和旅游局"),
    ("博物馆", "文旅", "博物馆", "bowuguan", "文化广电和旅游局"),
    ("住房公积金管理中心", "住建", "公积金", "gongjijin", ""),
    ("公共就业服务中心", "人社", "就业", "jiuye", "人力资源和社会保障局"),
    ("社会保险事业中心", "人社", "社保", "shebao", "人力资源和社会保障局"),
    ("不动产登记中心", "住建", "不动产", "budongchan", "自然资源和规划局"),
    ("公路事业发展中心", "交通", "公路", "gonglu", "交通运输局"),
    ("农业技术推广中心", "农业农村", "农技", "nongji", "农业农村局"),
)
SURNAMES = "陈林周吴郑何沈陆顾许徐孙钱冯蒋韦潘葛范彭鲁方袁柳史唐薛雷贺汤罗毕郝安常于傅康伍余孟黄穆萧姚邵汪"
GIVEN = "文静建国晓岚志远雨桐国栋海燕思源明哲佳宁春梅立群若溪浩然玉兰振华欣怡子航永安秋月"  # of two characters each


@dataclass(slots=True, eq=False)
class Unit:
    """A 单位. `stem` begins its accounts' names, `login` its people's log-in names; `places` are named in its texts."""

    code: str
    name: str
    kind: str
    stem: str
    login: str
    subject: str
    parent: str = ""
    cohort: str = ""
    vertical: str = ""
    short_names: str = ""
    places: list[str] = field(default_factory=list)
    staff: list[str] = field(default_factory=list)

    @property
    def duties(self) -> str:
        """Words of its work, separated by `;`: what stands in its accounts' names, then its topics."""
        work = [self.stem[2:]] if self.kind in ("department", "institution") else []
        return ";".join(work + texts()["fields"][self.subject]["topics"])


def _pair(names: str, number: int) -> str:
    start = number % (len(names) // 2) * 2
    return names[start : start + 2]


def _county_names(count: int) -> list[tuple[str, str, str, str]]:
    curated = {row[2] for row in COUNTIES}
    made = (a + b for b in COUNTY_TAILS for a in COUNTY_HEADS if a + b not in curated)
    rows = [*COUNTIES[:count]]
    while len(rows) < count:
        stem = next(made)
        rows.append((f"{stem}县", "county", stem, f"county{len(rows) + 1}"))
    return rows


def make_units(counties: int, rng: Random) -> list[Unit]:
    """The city with its offices, departments and institutions, and `counties` counties and zones of thirteen units
    each.

    Parents come first. Raises ValueError beyond 900 counties, for which there are no names.
    """
    if counties > 900:
        raise ValueError(f"演示城市至多 900 个县区，要的是 {counties} 个；请减少账号数")
    codes = {name: f"D{number:02}" for number, (name, *_) in enumerate(DEPARTMENTS, 1)}
    vertical = {name: codes[name] for name, *_, supervises in DEPARTMENTS if supervises}
    units = _city_and_departments(codes)
    units += _sections(units, codes)
    units += _institutions(codes)
    areas = []
    for number, (area, kind, stem, login) in enumerate(_county_names(counties), 1):
        county = _county(number, area, kind, stem, login, vertical)
        areas += [area, *county[0].places[:2]] if number <= 5 else []
        units += county
    for unit in units:
        unit.places = unit.places or areas
        unit.staff = [surname + _pair(GIVEN, whole(0, 19, rng)) for surname in several(SURNAMES, 6, rng)]
    return units


def _city_and_departments(codes: dict[str, str]) -> list[Unit]:
    city, of_city = f"{CITY}市", ("C00", "departments")
    office_names = f"{city}政府办公室;{city}政府办"
    government = Unit("C00", f"{city}人民政府", "city", CITY, "city", "政务")
    office = ("D00", f"{city}人民政府办公室", "department", f"{CITY}政务", "office", "政务")
    units = [government, Unit(*office, *of_city, short_names=office_names)]
    for name, subject, word, login, short, _ in DEPARTMENTS:
        department = (codes[name], city + name, "department", CITY + word, login, subject)
        units.append(Unit(*department, *of_city, short_names=city + short if short else ""))
    return units


def _sections(units: list[Unit], codes: dict[str, str]) -> list[Unit]:
    """内设机构 of three departments: they may not open accounts, and some have."""
    sections = (("信息科", "D00"), ("政策法规科", codes["教育局"]), ("宣传科", codes["公安局"]))
    hosts = {unit.code: unit for unit in units}
    made = []
    for number, (section, above) in enumerate(sections, 1):
        host = hosts[above]
        names = (f"N{number:02}", host.name + section, "internal_office", host.stem + section, f"section{number}")
        made.append(Unit(*names, host.subject, above))
    return made


def _institutions(codes: dict[str, str]) -> list[Unit]:
    return [
        Unit(f"I{number:02}", f"{CITY}市{name}", "institution", CITY + word, login, subject, codes.get(above, "C00"))
        for number, (name, subject, word, login, above) in enumerate(INSTITUTIONS, 1)
    ]


def _county(number: int, area: str, kind: str, stem: str, login: str, vertical: dict[str, str]) -> list[Unit]:
    """A county or zone, its office, its departments and its five towns."""
    code, is_zone = f"X{number:02}", kind == "zone"
    towns = [_pair(TOWN_HEADS, i) + TOWN_TAILS[(i + i // 20) % 10] for i in range(number * 5 - 5, number * 5)]
    suffixes = ["街道"] * 5 if is_zone else ["街道", "镇", "镇", "镇", "乡"]
    places = [town + suffix for town, suffix in zip(towns, suffixes, strict=True)]
    title, office = ("管理委员会", "党政办公室") if is_zone else ("人民政府", "办公室")
    units = [Unit(code, area + title, kind, stem, login, "政务", "C00", "counties")]
    office_name = area + title + office
    units.append(Unit(f"{code}00", office_name, "department", f"{stem}政务", f"{login}.office", "政务", code))
    for i, (name, subject, word, prefix) in enumerate(COUNTY_DEPARTMENTS, 1):
        full = f"{CITY}市{stem}{name}" if name == "生态环境局" else area + name
        department = (f"{code}{i:02}", full, "department", stem + word, f"{login}.{prefix}", subject, code)
        units.append(Unit(*department, vertical=vertical.get(name, "")))
    for i, (town, place) in enumerate(zip(towns, places, strict=True), 1):
        body = "办事处" if place.endswith("街道") else "人民政府"
        units.append(Unit(f"{code}{i + 50}", area + place + body, "town", town, f"{login}.town{i}", "政务", code))
    for unit in units:
        unit.places = places
    return units


def people_of(units: list[Unit], since: str, ended: str) -> list[tuple[str, str, str, str, str, str]]:
    """Rows of people.csv: login, name, unit, post, from, to.

    A person for every post of the doors, at units of every kind.

    `since` and `ended` are days: posts begin on the one; the one post that is over ended on the other.
    """
    by_code = {unit.code: unit for unit in units}
    rows = [
        ("city.inspector", "沈若溪", "C00", "inspector", since, ""),
        ("city.inspector2", "陆志远", "C00", "inspector", since, ""),
        ("city.head", "顾明哲", "C00", "inspector_head", since, ""),
        ("city.head2", "许春梅", "C00", "inspector_head", since, ""),
        ("city.system", "葛立群", "C00", "system_admin", since, ""),
        ("city.security", "潘海燕", "C00", "security_admin", since, ""),
        ("city.audit", "范玉兰", "C00", "audit_admin", since, ""),
        ("city.observer", "彭秋月", "C00", "observer", since, ""),
        ("city.former", "鲁永安", "C00", "inspector", since, ended),
    ]
    supervisors = [unit for unit in units if unit.kind in ("county", "zone")]
    supervisors += [by_code[code] for code in sorted({unit.vertical for unit in units if unit.vertical})]
    rows += [(f"{unit.login}.supervisor", unit.staff[4], unit.code, "supervisor", since, "") for unit in supervisors]
    rows += [(f"{unit.login}.observer", unit.staff[5], unit.code, "observer", since, "") for unit in supervisors[:2]]
    staffed = [unit for unit in units if unit.kind in ("city", "county", "zone") or unit.cohort == "departments"]
    for kind, count in (("town", 5), ("institution", 3)):
        staffed += [unit for unit in units if unit.kind == kind][:count]
    for host in [*staffed, by_code["X0101"], by_code["X0105"]]:
        for post, name in zip(("editor", "section_head", "leader", "unit_admin"), host.staff, strict=False):
            rows.append((f"{host.login}.{post.replace('section_head', 'section')}", name, host.code, post, since, ""))
    # 兼任：one person with two posts, who chooses which one acts
    both = next(unit for unit in units if unit.login == "jiaotong")
    return [*rows, ("jiaotong.editor", both.staff[0], both.code, "unit_admin", since, "")]
