"""Chinese names for people, firms, streets and building projects, put together from common parts."""

from random import Random


def _pairs(text: str) -> list[str]:
    return [text[start : start + 2] for start in range(0, len(text), 2)]


SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆"
    "汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
MALE_GIVEN = "伟强磊军勇杰涛明超刚平辉鹏斌波宇浩凯健俊帆峰亮东志海国建文永庆立新春华振学宏德成玉金树宝长福连根山河江岭"
FEMALE_GIVEN = "芳娜敏静丽艳娟霞秀英玲燕红梅莉萍雪琳洁颖慧婷倩云兰凤洋晶璐悦欣佳淑桂彩爱素"
BRANDS_FIRST = "冀燕赵恒安泰华盛鑫宏瑞嘉隆永昌天德润庆和兴中远太行滹沱渤海凯鼎旭晟博弘元正邦诚信广厦金玉祥云长城"
BRANDS_SECOND = "业达通源基峰筑石城建川阳都宇岳原林岭丰茂锦辉拓程汇仁益顺康宁平卓越腾翔立联合众同创新力强固"
STREETS = _pairs(
    "建设中山裕华和平人民新华友谊胜利解放朝阳东风迎宾长征光明文化康宁开发兴业振兴滨河学府槐安青园体育工农北新南湖西环复兴永安"
)
ESTATES = _pairs(
    "翰林锦绣江南盛世御景枫林观澜紫薇书香碧水金色天悦云锦和悦凤凰燕都龙湖梧桐阳光丽景悦府玉泉华庭东篱春晓静园澜庭华府兰亭秀水"
)
ESTATE_ENDINGS = ("苑", "府", "城", "家园", "雅居", "名邸", "公馆", "花园", "新城", "湾")


def person(chance: Random, *, male: bool) -> str:
    """A surname and one or two given characters."""
    given = MALE_GIVEN if male else FEMALE_GIVEN
    return chance.choice(SURNAMES) + "".join(chance.sample(given, chance.choice((1, 2, 2, 2))))


def brand(chance: Random, taken: set[str]) -> str:
    """Two characters that no firm has yet; adds them to `taken`."""
    while True:
        word = chance.choice(BRANDS_FIRST) + chance.choice(BRANDS_SECOND)
        if word not in taken and word[0] != word[1]:
            taken.add(word)
            return word


def street_address(chance: Random) -> str:
    """建设北大街128号"""
    way = chance.choice(("路", "街", "大街", "东路", "西路", "南大街", "北大街"))
    return f"{chance.choice(STREETS)}{way}{chance.randint(2, 398)}号"


def estate(chance: Random, taken: set[str]) -> str:
    """A housing estate's name that no other project has yet; adds it to `taken`."""
    while True:
        word = chance.choice(ESTATES) + chance.choice(ESTATE_ENDINGS)
        if word not in taken and word[-1] != word[-2]:
            taken.add(word)
            return word
