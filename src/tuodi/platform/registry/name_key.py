"""Names as they are sorted and searched: pinyin, and family names that are not read as their character. Pure."""

from __future__ import annotations

import unicodedata
from functools import cache

from pypinyin import lazy_pinyin

_READINGS = """
单=shan 仇=qiu 解=xie 区=ou 查=zha 曾=zeng 任=ren 盖=ge 种=chong 朴=piao 繁=po 乜=nie 缪=miao 乐=yue 冼=xian 翟=zhai
燕=yan 纪=ji 宁=ning 应=ying 卜=bu 车=che 召=shao 折=she 秘=bi 黑=he 员=yun 洗=xian 晁=chao 臧=zang 覃=qin 薄=bo 柏=bai
祭=zhai 句=gou 那=na 佴=nai 牟=mu 阚=kan 郗=xi 藏=zang 尉=wei 撒=sa 哈=ha 六=lu 石=shi 谌=chen 佟=tong 訾=zi 逄=pang
郇=xun 长=chang 万=wan 参=shen 俞=yu 沈=shen 葛=ge 相=xiang 行=xing 空=kong 隗=wei 贲=ben 褚=chu 匡=kuang 宓=mi 都=du
强=qiang 重=chong 干=gan 令=ling 少=shao 会=gui 弗=fei
尉迟=yu'chi 单于=chan'yu 万俟=mo'qi 长孙=zhang'sun 澹台=tan'tai 宰父=zai'fu 乐正=yue'zheng 亓官=qi'guan 鲜于=xian'yu
夏侯=xia'hou 皇甫=huang'fu 令狐=ling'hu 钟离=zhong'li 慕容=mu'rong 拓跋=tuo'ba 呼延=hu'yan 相里=xiang'li 第五=di'wu
"""
SURNAMES = dict(pair.split("=") for pair in _READINGS.split())
"""Family names whose reading the bare character doesn't give, or might not."""


def cleaned(name: str) -> str:
    """The name without spaces, its dot between the parts of a long name as `·`."""
    if name.isalpha() and unicodedata.is_normalized("NFC", name):
        return name  # as nearly every name is
    text = unicodedata.normalize("NFC", name)
    return "".join("·" if char in "·•‧・.．∙" else char for char in text if not char.isspace() and char.isprintable())


def name_key(name: str) -> str:
    """What the name is sorted by: its syllables with spaces between, 单雄信 -> `shan xiong xin`, 吕 -> `lv`."""
    length = 2 if name[:2] in SURNAMES else 1 if name[:1] in SURNAMES else 0
    read = SURNAMES[name[:length]].split("'") if length else []
    return " ".join([*read, *(_syllable(char) for char in name[length:] if char != "·")])


def initials(key: str) -> str:
    """The first letters of a key: `shan xiong xin` -> `sxx`."""
    return "".join([syllable[0] for syllable in key.split()])


@cache
def _syllable(char: str) -> str:
    return lazy_pinyin(char)[0].lower()
