"""A city sets a policy: looked at on the real bills, adopted, and each county agrees to what it changes."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest

from tests.console.conftest import SignIn, Town
from tests.platform.settlement.town import small_policy
from tuodi.console.policies.drafting import ParameterField
from tuodi.console.policies.uploaded import files_of
from tuodi.core.finding import Faults
from tuodi.language.model import ParameterHole, ParameterType
from tuodi.language.shelf import POLICIES
from tuodi.platform.base import work
from tuodi.platform.base.domain import Desk
from tuodi.platform.settlement.models import Policy, Proposal, Settlement

TERMS = {"starts_on": "2022-01-01", "reason": "市政府令", "county": "100%"}


def zipped(files: dict[str, bytes]) -> io.BytesIO:
    """As somebody would upload it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as into:
        for name, content in files.items():
            into.writestr(name, content)
    packed.seek(0)
    packed.name = "policy.zip"
    return packed


def test_a_city_sees_what_changes_adopts_and_the_county_agrees_with_one_act(
    signed_in: SignIn, settled_town: Town
) -> None:
    city, text = signed_in(Desk.city), (POLICIES / "liaocheng-2022-5" / "policy.yaml").read_bytes()
    files = {f"新办法/lists/{each.name}": each.read_bytes() for each in (POLICIES / "liaocheng-2022-5/lists").glob("*")}
    files["新办法/policy.yaml"] = text.replace(b"rate: 70%", b"rate: 75%")
    chosen = city.post("/policies/new/", {"file": zipped(files)}).headers["Location"]
    drafted = city.post(chosen, TERMS).headers["Location"]
    assert "采用</button>" not in city.get(drafted).content.decode()
    work.work_off()
    seen = city.get(drafted).content.decode()
    assert "东昌府区" in seen
    assert "采用</button>" in seen

    adopted = city.post(drafted, {"reason": "市政府令"}).headers["Location"]
    work.work_off()
    county = signed_in(Desk.county)
    assert "采用政策后的重算待审批" in county.get("/").content.decode()
    page = county.get(adopted).content.decode()
    assert "同意这 1 件" in page
    stale = county.post(adopted, {"seen": "1:1:1", "reason": ""}).content.decode()
    assert "看过之后又有变化" in stale
    county.post(adopted, {"seen": re.findall(r'name="seen" value="([^"]*)"', page)[0], "reason": "已核对"})
    work.work_off()

    assert ["approved"] == list(
        Proposal.objects.filter(adoption__isnull=False).values_list("decision__decision", flat=True)
    )
    assert Settlement.objects.filter(kind="affected").exists()
    assert "没有等审批的差额" in county.get(adopted).content.decode()


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        (ParameterType.RATE, " 70% ", "70%"),
        (ParameterType.RATE, "", None),
        (ParameterType.MONEY, "2026-01-01 300.00", {"2026-01-01": "300.00"}),
        (ParameterType.MONEY_BY_ITEM, "克唑替尼 60000.00\n特殊 食品\t100\n没有上限", {
            "克唑替尼": "60000.00", "特殊 食品": "100", "没有上限": None,
        }),
    ],
)  # fmt: skip
def test_a_parameter_is_typed_as_one_value_or_a_value_a_line(kind: ParameterType, typed: str, value: object) -> None:
    field = ParameterField(ParameterHole(id="x", label="参数", clause="一", type=kind))
    assert value == field.clean(typed)
    assert value == field.clean(str(field.prepare_value(value) or ""))


def test_a_draft_with_faults_keeps_what_was_typed_and_tells_everything(signed_in: SignIn, settled_town: Town) -> None:
    city = signed_in(Desk.city)
    document = Policy.objects.get(pk=settled_town.policy).document_id
    page = city.post(f"/policies/new/{document}/", {**TERMS, "county": "60", "city": "x"}).content.decode()

    assert "市级分担" in page
    assert 'value="60"' in page
    assert "合计不是 100%" in city.post(f"/policies/new/{document}/", {**TERMS, "county": "60"}).content.decode()


def test_an_uploaded_policy_with_faults_tells_all_of_them_with_their_lines(
    signed_in: SignIn, settled_town: Town, tmp_path: Path
) -> None:
    text = (small_policy(tmp_path / "small", "rate: 100%") / "policy.yaml").read_text(encoding="utf-8")
    wrong = text.replace("rate: 100%", "rate: 300%").replace("issued: 2020-01-01", "issued: 去年")
    page = (
        signed_in(Desk.city).post("/policies/new/", {"file": zipped({"policy.yaml": wrong.encode()})}).content.decode()
    )

    assert 2 <= len(re.findall(r"第 \d+ 行", page))


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({"readme.txt": b"x"}, "no-policy"),
        ({"policy.yaml": b"\xff\xfe\x00"}, "not-text"),
        ({f"lists/{number}.csv": b"" for number in range(101)}, "zip-too-large"),
    ],
)
def test_what_is_no_policy_s_folder_is_told(files: dict[str, bytes], code: str) -> None:
    with pytest.raises(Faults) as raised:
        files_of(zipped(files).read())
    assert [code] == [finding.code for finding in raised.value.findings]


def test_what_is_no_zip_is_told_and_other_files_are_left_out() -> None:
    with pytest.raises(Faults) as raised:
        files_of(b"not a zip")
    assert ["zip-unreadable"] == [finding.code for finding in raised.value.findings]
    assert ["policy.yaml"] == [
        *files_of(zipped({"a/policy.yaml": b"x", "a/../../etc.csv": b"y", "b/lists/c.csv": b""}).read())
    ]
