"""Masked names, as every notice of a penalty writes them (龚某, 欧阳某某, 李×), whatever word they sound like."""

from __future__ import annotations

import re

from xinmei.core.screening.typos.model import TypoHit

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭"
    "陆汪范金石廖贾夏韦付傅方白邹孟熊秦邱江尹薛闫阎段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐"
    "易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴"
    "蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边"
    "卞姬师仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝官封谈匡鞠惠荆乐冀郁胥南班储原栗燕楚鄢劳谌奚皮粟冼蔺楼盘满"
    "闻位厉伊仝区郜海阚花权强帅屠豆朴盖练廉禹井祖漆巴丰支卿国狄平计索宣晋相初门云容敬来扈晁芮都普阙浦戈伏鹿薄邸雍辜羊"
    "阿乌母裘亓修邰赫杭况那宿鲜印逯隆茹诺战慕危玉银亢嵇公哈湛宾戎勾茅利於呼居揭干但尉冶斯元束檀衣信展阴昝"
    "智幸奉植衡富尧闭"
    "由和密"
)
COMPOUND = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|"
    "太叔|申屠|公孙|慕容|仲孙|钟离|长孙|"
    "宇文|司徒|鲜于|司空|令狐|百里|呼延|东郭|南门|西门|拓跋|纳兰|爱新觉罗|阿不都|买买提"
)
# With 谋 they are words (参谋、阴谋): names only where a name stands by itself.
PLOTS = "参图阴共和合密同权计智主深远预蓄筹无有足自"
MASK = "(?:某{1,3}(?:[甲乙丙丁])?|[×xX*＊○〇□]{1,3})"
BORDERS = r"\s，。、；：！？（）()《》“”\"'<>〔〕\[\]—…,.;:"
ALONE = rf"(?<![^{BORDERS}])[\u4e00-\u9fff]某{{1,3}}(?=[{BORDERS}]|$|[男女称系与和及等在因于将向被为对从的说表])"
NAME = re.compile(f"(?:{COMPOUND}|[{''.join(sorted(set(SURNAMES) - set(PLOTS)))}]){MASK}|{ALONE}")


def is_masked_name(text: str, hit: TypoHit) -> bool:
    """Whether a hit lies on a masked name."""
    return any(
        found.start() < hit.end and hit.start < found.end()
        for found in NAME.finditer(text, max(0, hit.start - 6), hit.end + 6)
    )
