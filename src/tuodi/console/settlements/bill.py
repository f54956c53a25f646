"""A bill as a desk types it: the seven amounts, the care, and whatever else the policy in force asks of an event."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone

from tuodi.console.administration.places import Choices
from tuodi.console.forms import ConsoleForm, DayField, YuanField, reason_field
from tuodi.core.money import format_yuan, parse_yuan
from tuodi.language.model import AMOUNTS, PAYERS, SERVICES, Fact, FactSource, FactType, Policy
from tuodi.platform.settlement.domain import Amounts, Bill, BilledItem, Facility

_YES_NO = [("", "没有填"), ("yes", "是"), ("no", "否")]
_WORD = re.compile(r"[^\s,，;；、]+")
_ITEM = re.compile(r"(.+?)[\s,，：:]+([0-9.,，]+)元?\Z")


class ItemsField(forms.CharField):
    """Catalogue items, one a line: the name, and what the person still bears of it."""

    widget = forms.Textarea(attrs={"rows": 3})

    def clean(self, value: Any) -> tuple[BilledItem, ...]:
        """The items. ValidationError names the line that is none."""
        lines = [line.strip() for line in str(super().clean(value) or "").splitlines() if line.strip()]
        return tuple(self._item(line) for line in lines)

    def _item(self, line: str) -> BilledItem:
        found = _ITEM.match(line)
        if found is None:
            raise forms.ValidationError(f"“{line}”没有金额：每行写项目名称和个人负担的金额，如 克唑替尼 1200.00")
        try:
            return BilledItem(item=found[1], personal=parse_yuan(re.sub("[,，]", "", found[2])))
        except ValueError as why:
            raise forms.ValidationError(f"{found[1]}：{why}") from None


class BillForm(ConsoleForm):
    """One bill of one person. `seen` is the content that a trial has shown; only that is settled."""

    key = forms.CharField(max_length=40, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    service = forms.ChoiceField(label="服务类别", choices=list(SERVICES.items()))
    date = DayField(label="结算日期", help_text="住院是出院那天。")
    total = YuanField(label=AMOUNTS["total"])
    in_policy = YuanField(label=AMOUNTS["in_policy"])

    def __init__(self, *arguments: Any, policy: Policy | None, **named: Any) -> None:
        initial = {"key": f"{timezone.localdate():%y%m%d}{secrets.token_hex(4)}", **dict.fromkeys(PAYERS, "0.00")}
        super().__init__(*arguments, initial={**initial, **named.pop("initial", {})}, **named)
        for name, label in PAYERS.items():
            self.fields[name] = YuanField(label=f"{label}支付", required=False)
        self.fields["basic"].help_text = "空着由本区划的参保方案计算；没有方案的要填。"
        self.fields["disease"] = forms.CharField(label="病种", required=False, help_text="按政策目录的写法。")
        self.fields["diagnoses"] = forms.CharField(label="诊断编码", required=False, help_text="ICD-10，用空格分开。")
        self.asked: dict[str, Fact] = {}
        if policy is not None:
            self._ask(policy)

    def _ask(self, policy: Policy) -> None:
        """What this policy wants to know of an event beyond the common fields."""
        if policy.catalogues:
            self.fields["items"] = ItemsField(
                label="目录项目", required=False, help_text="每行一项：名称和个人负担的金额，如 克唑替尼 1200.00。"
            )
        for fact in policy.facts.values():
            if fact.source in (FactSource.EVENT, FactSource.ITEM):
                self.asked[fact.id] = fact
                self.fields[f"fact_{fact.id}"] = _field(fact)

    def bill(self, *, person: int, institution: str = "", facility: Facility | None = None) -> Bill:
        """The bill of the person as it was typed."""
        said = self.cleaned_data
        return Bill(
            person=person, key=said["key"], service=said["service"], date=said["date"],
            amounts=Amounts(*(said[name] for name in AMOUNTS)), institution=institution,
            disease=said["disease"].strip() or None, diagnoses=tuple(_WORD.findall(said["diagnoses"])),
            items=said.get("items", ()), facts=self._facts(said), facility=facility,
        )  # fmt: skip

    def _facts(self, said: Mapping[str, Any]) -> dict[str, Any]:
        told = {name: _value(fact, said[f"fact_{name}"]) for name, fact in self.asked.items()}
        return {name: value for name, value in told.items() if value is not None}


class HandForm(BillForm):
    """A paper bill at the county: also where the care was, known to us or not."""

    def __init__(self, *arguments: Any, institutions: Choices, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.fields["institution"] = forms.ChoiceField(
            label="医疗机构", required=False, choices=[("", "名单外的机构"), *institutions],
            help_text="名单外的，按下面四项。",
        )  # fmt: skip
        self.fields["level"] = forms.ChoiceField(
            label="机构级别", choices=[("3", "三级"), ("2", "二级"), ("1", "一级")]
        )
        self.fields["designated"] = forms.BooleanField(label="是定点医疗机构", required=False, initial=True)
        self.fields["county"] = forms.BooleanField(label="在本县（市、区）", required=False)
        self.fields["region"] = forms.BooleanField(label="在本市", required=False)
        self.fields["reason"] = reason_field("手工结算的理由")

    def facility(self) -> Facility | None:
        """What is typed of an institution that is not in our list."""
        said = self.cleaned_data
        if said["institution"]:
            return None
        return Facility(
            designated=said["designated"], level=int(said["level"]), county=said["county"], region=said["region"]
        )


def _field(fact: Fact) -> forms.Field:
    match fact.type:
        case FactType.FLAG:
            return forms.ChoiceField(label=fact.label, required=False, choices=_YES_NO)
        case FactType.CHOICE:
            words = [("", "没有填"), *((word, _WORDS.get(word, word)) for word in fact.choices)]
            return forms.ChoiceField(label=fact.label, required=False, choices=words)
        case FactType.MONEY:
            return YuanField(label=fact.label, required=False)
        case _:
            return forms.IntegerField(label=fact.label, required=False, min_value=0)


_WORDS = {"transplant_antirejection": "器官移植后抗排异治疗"}


def _value(fact: Fact, said: Any) -> Any:
    """As the case format writes it; None: not said."""
    match fact.type:
        case FactType.FLAG:
            return {"yes": True, "no": False}.get(said)
        case FactType.MONEY:
            return None if said is None else format_yuan(said)
        case FactType.CHOICE:
            return said or None
        case _:
            return said
