"""Names sorted and searched by how families read them."""

import pytest

from tuodi.platform.registry.name_key import cleaned, initials, name_key


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("单雄信", "shan xiong xin"),
        ("仇英", "qiu ying"),
        ("解珍", "xie zhen"),
        ("区寄", "ou ji"),
        ("查良", "zha liang"),
        ("尉迟恭", "yu chi gong"),
        ("尉文", "wei wen"),
        ("单于丹", "chan yu dan"),
        ("曾国", "zeng guo"),
        ("吕布", "lv bu"),
        ("热合曼·阿里", "re he man a li"),
        ("Anna", "a n n a"),
    ],
)
def test_a_family_name_is_read_as_a_family_name(name: str, key: str):
    assert key == name_key(name)


def test_initials_are_what_one_types():
    assert "sxx" == initials(name_key("单雄信"))


@pytest.mark.parametrize(
    ("typed", "name"), [(" 张　三 ", "张三"), ("阿·里", "阿·里"), ("阿•里", "阿·里"), ("王\u200b五", "王五")]
)
def test_a_name_is_kept_without_gaps_and_with_one_kind_of_dot(typed: str, name: str):
    assert name == cleaned(typed)
