"""The diseases and items that the documents name, as printed, and the ICD-10 prefixes that suffice by themselves.

A disease whose recognition needs more than a code (a stage, a type, a resistance, a procedure) has no prefix here: only
its certified name counts. Children's diseases count by code under 18 only; a certified name asks for no age.
"""

from .common import DiseaseList, disease_list, plain

MALIGNANT = (
    "C00 C01 C02 C03 C04 C05 C06 C07 C08 C09 C10 C11 C12 C13 C14 C15 C16 C17 C18 C19 C20 C21 C22 C23 C24 C25 C26 "
    "C30 C31 C32 C33 C34 C37 C38 C39 C40 C41 C43 C44 C45 C46 C47 C48 C49 C50 C51 C52 C53 C54 C55 C56 C57 C58 "
    "C60 C61 C62 C63 C64 C65 C66 C67 C68 C69 C70 C71 C72 C73 C74 C75 C76 C77 C78 C79 C80 C81 C82 C83 C84 C85 C86 C88 "
    "C90 C91 C92 C93 C94 C95 C96 C97"
)
LEUKAEMIA = "C91 C92 C93 C94 C95"
HEART_DEFECTS = "Q20 Q21 Q22 Q23 Q24 Q25 Q26"
CLEFTS = "Q35 Q36 Q37"
HAEMOPHILIA = "D66 D67"

# ---- Qingdao, annex: 25 diseases, 19 drugs, 15 devices, 1 food -------------------------------------------------------

QINGDAO_CATALOGUE = {
    "一代耐药以后的肺癌治疗": ["三代靶向药（HM61713）"],
    "非小细胞肺癌": ["盐酸埃克替尼", "克唑替尼", "重组人血管内皮抑制素"],
    "慢性髓性粒细胞白血病": ["达沙替尼"],
    "PH（+）急性淋巴细胞白血病": ["达沙替尼"],
    "儿童急性淋巴细胞性白血病": ["培门冬酶"],
    "血友病（儿童）": ["重组人凝血因子Ⅳ", "注射用重组人凝血因子Ⅷ"],
    "胃腺癌": ["甲磺酸阿帕替尼"],
    "乳腺癌晚期": ["氟维司群"],
    "结肠恶性肿瘤": ["西妥昔单抗", "贝伐珠单抗"],
    "前列腺癌": ["阿比特龙"],
    "肾恶性肿瘤": ["索拉菲尼"],
    "多发性骨髓瘤": ["硼替佐米"],
    "复发难治性非霍奇金淋巴瘤": ["硼替佐米"],
    "BH4 缺乏症（特殊类型苯丙酮尿症）": ["盐酸沙丙蝶呤片"],
    "庞贝氏病（极罕见）": ["注射用阿糖苷酶α"],
    "持久性高二度或三度房室传导阻滞": ["心脏起搏器", "ICD（埋藏式心律转复除颤器）"],
    "主动脉瘤": ["主动脉覆膜支架（含主体支架及延长支架）"],
    "主动脉夹层": ["胸主动脉支架（含主体及延长支架）"],
    "下肢动脉硬化闭塞症": ["动脉支架", "旋切导管", "球囊"],
    "下肢深静脉血栓": ["滤器", "溶栓导管", "髂静脉支架"],
    "脑出血": ["人工硬脑膜"],
    "蛛网膜下腔出血": ["法舒地尔", "尼膜同", "弹簧圈", "微导管"],
    "股骨头无菌性坏死": ["单侧全髋假体"],
    "先天性髋关节脱位": ["内固定钢板"],
    "苯丙酮尿症": ["低蛋白食品，无苯丙氨酸奶粉或蛋白粉"],
}
QINGDAO_ITEMS = list(dict.fromkeys(item for items in QINGDAO_CATALOGUE.values() for item in items))

QINGDAO_SHORT_NAMES = {
    "庞贝氏病": "庞贝氏病（极罕见）",
    "BH4缺乏症": "BH4 缺乏症（特殊类型苯丙酮尿症）",
}

# In the annex's own words, without what stands in brackets; the special food is one item under all its names.
QINGDAO_ITEM_SHORT_NAMES = {
    "三代靶向药": "三代靶向药（HM61713）",
    "HM61713": "三代靶向药（HM61713）",
    "ICD": "ICD（埋藏式心律转复除颤器）",
    "埋藏式心律转复除颤器": "ICD（埋藏式心律转复除颤器）",
    "主动脉覆膜支架": "主动脉覆膜支架（含主体支架及延长支架）",
    "胸主动脉支架": "胸主动脉支架（含主体支架及延长支架）",
    "低蛋白食品": "低蛋白食品，无苯丙氨酸奶粉或蛋白粉",
    "无苯丙氨酸奶粉": "低蛋白食品，无苯丙氨酸奶粉或蛋白粉",
}

QINGDAO_CODES = {
    "慢性髓性粒细胞白血病": "C92.1",
    "结肠恶性肿瘤": "C18",
    "前列腺癌": "C61",
    "肾恶性肿瘤": "C64",
    "多发性骨髓瘤": "C90.0",
    "蛛网膜下腔出血": "I60",
    "苯丙酮尿症": "E70.0",
}
QINGDAO_CODES_UNDER_18 = {"儿童急性淋巴细胞性白血病": "C91.0", "血友病（儿童）": HAEMOPHILIA}


def qingdao_disease(printed: str) -> DiseaseList:
    """One disease of the annex, with its short names and codes, as a list of its own."""
    short = [name for name, full in QINGDAO_SHORT_NAMES.items() if full == printed]
    return disease_list([printed, *short], QINGDAO_CODES.get(printed, ""), QINGDAO_CODES_UNDER_18.get(printed, ""))


QINGDAO_ITEM_NAMES = {plain(short): plain(full) for short, full in QINGDAO_ITEM_SHORT_NAMES.items()}
QINGDAO_DISEASES = [
    (qingdao_disease(disease), frozenset(plain(item) for item in items)) for disease, items in QINGDAO_CATALOGUE.items()
]

# ---- Yangquan --------------------------------------------------------------------------------------------------------

YANGQUAN_24_NAMES = [
    "儿童白血病", "儿童先心病", "重性精神疾病", "乳腺癌", "宫颈癌", "终末期肾病", "结肠癌", "直肠癌", "食道癌", "胃癌",
    "肺癌", "急性心肌梗塞", "I 型糖尿病", "甲亢", "脑梗死", "唇腭裂", "血友病", "慢性粒细胞白血病", "艾滋病机会性感染",
    "耐多药肺结核", "儿童苯丙酮尿症", "儿童尿道下裂", "儿童先天性巨结肠", "儿童先天性肥厚性幽门狭窄",
]  # fmt: skip
# Section 四(二)5 writes 氟骨病 where the annex writes 氟骨症.
YANGQUAN_JOINTS = ["大骨节病住院关节置换手术", "氟骨症住院关节置换手术", "氟骨病住院关节置换手术"]

YANGQUAN_26 = disease_list(
    [*YANGQUAN_24_NAMES, *YANGQUAN_JOINTS],
    f"C50 C53 N18.5 C18 C19 C20 C15 C16 C34 I21 I22 E10 E05 I63 {CLEFTS} {HAEMOPHILIA} C92.1 B20",
    f"{LEUKAEMIA} {HEART_DEFECTS} E70.0 Q54 Q43.1 Q40.0",
)
YANGQUAN_24 = disease_list(YANGQUAN_24_NAMES)  # a late stage is in no code
YANGQUAN_RARE = disease_list(["戈谢病", "庞贝氏病"])  # nor is the type of a storage disease

YANGQUAN_OUT_PATIENT_GROUPS = [
    "尿毒症透析", "血透", "腹透", "肠透", "口服药物透析", "血液滤过", "血液灌流", "终末期肾病",
    "器官移植后使用抗排斥免疫调节剂",
    "恶性肿瘤", "各类型急慢性白血病", "淋巴瘤", "多发性骨髓瘤", "骨髓增生异常综合症", "恶性组织细胞病",
    "肝硬化失代偿期", "慢性中、重度病毒性肝炎",
    "慢性再生障碍性贫血",
    "血友病",
    "苯丙酮尿症",
    "尿毒症透析（包括血透、腹透、肠透、口服药物透析、血液滤过、血液灌流、终末期肾病）",
    "恶性肿瘤（包括各类型急慢性白血病、淋巴瘤、多发性骨髓瘤、骨髓增生异常综合症、恶性组织细胞病）",
    "肝硬化失代偿期（包括慢性中、重度病毒性肝炎）",
]  # fmt: skip
YANGQUAN_OUT_PATIENT_FROM_ANNEX = [
    "儿童白血病", "乳腺癌", "宫颈癌", "结肠癌", "直肠癌", "食道癌", "胃癌", "肺癌", "慢性粒细胞白血病",
    "儿童苯丙酮尿症",
]  # fmt: skip
YANGQUAN_OUT_PATIENT = disease_list(
    [*YANGQUAN_OUT_PATIENT_GROUPS, *YANGQUAN_OUT_PATIENT_FROM_ANNEX], f"{MALIGNANT} D46 {HAEMOPHILIA} E70.0 N18.5"
)

# ---- Anshan ----------------------------------------------------------------------------------------------------------

ANSHAN_7_NAMES = [
    "儿童白血病", "儿童先天性心脏病", "终末期肾病", "乳腺癌", "宫颈癌", "耐多药肺结核", "艾滋病机会性感染",
]  # fmt: skip
ANSHAN_16_NAMES = [
    *ANSHAN_7_NAMES,
    "肺癌", "食道癌", "胃癌", "结肠癌", "直肠癌", "慢性粒细胞白血病", "急性心肌梗塞", "急性脑梗死", "血友病",
]  # fmt: skip
ANSHAN_7 = disease_list(ANSHAN_7_NAMES, "N18.5 C50 C53 B20", f"{LEUKAEMIA} {HEART_DEFECTS}")
ANSHAN_16 = disease_list(
    ANSHAN_16_NAMES,
    f"N18.5 C50 C53 B20 C34 C15 C16 C18 C19 C20 C92.1 I21 I22 I63 {HAEMOPHILIA}",
    f"{LEUKAEMIA} {HEART_DEFECTS}",
)

# ---- Ningbo ----------------------------------------------------------------------------------------------------------

NINGBO_SERIOUS_NAMES = [
    "尿毒症", "耐多药肺结核", "乳腺癌", "宫颈癌", "肺癌", "食道癌", "胃癌", "结肠癌", "直肠癌", "血友病",
    "慢性粒细胞白血病", "儿童白血病", "儿童孤独症", "儿童先天性心脏病", "艾滋病机会性感染", "急性心肌梗塞", "脑梗死",
    "I 型糖尿病", "甲亢", "唇腭裂",
]  # fmt: skip
NINGBO_SPECIAL_NAMES = [
    "重性精神病", "重症尿毒症", "恶性肿瘤", "重大组织和器官移植", "白血病", "再生障碍性贫血", "血友病", "红斑狼疮",
    "心脏组织缺损", "心脏疾病造成心功能衰竭二级以上", "失代偿期的肝硬化并伴有并发症", "糖尿病并发严重心脑肾病变",
    "脑血管意外造成偏瘫一至三级",
]  # fmt: skip
NINGBO_LISTED = disease_list(
    [*NINGBO_SERIOUS_NAMES, *NINGBO_SPECIAL_NAMES],
    f"{MALIGNANT} N18.5 {HAEMOPHILIA} B20 I21 I22 I63 E10 E05 {CLEFTS} D61 I23.1 I23.2 I51.0 Q21",
    f"F84.0 {HEART_DEFECTS}",
)
