"""Which policy governs a region from which day, a person's account, and every settlement ever made."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tuodi.platform.base.models import CLOCK, Region
from tuodi.platform.registry.models import Change, Person

KINDS = (
    ("settled", "结算"),
    ("cancelled", "冲销"),
    ("corrected", "更正"),
    ("affected", "重算"),
)


class Document(models.Model):
    """A policy or an insurance plan as it was adopted: all its files, so that it can be read again at any time."""

    hash = models.TextField("内容指纹", primary_key=True)
    name = models.TextField("编号")
    files = models.JSONField("文件")

    class Meta:
        db_table = "settlement_document"


class Policy(models.Model):
    """What settles in a region, and in all within it that have none of their own, from a day on. Later rows correct.

    A draft is only looked at, and never in force; `drafted_as`: the draft as which an adopted one was looked at.
    """

    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    starts_on = models.DateField("起")
    document = models.ForeignKey(Document, models.PROTECT, verbose_name="政策文件", related_name="+")
    plan = models.ForeignKey(Document, models.PROTECT, null=True, verbose_name="参保方案", related_name="+")
    parameters = models.JSONField("参数", db_default={})
    otherwise = models.JSONField("文件没有写分担时的分担")
    known_at = models.DateTimeField("知悉时间", db_default=CLOCK)
    reason = models.TextField("依据")
    draft = models.BooleanField("拟采用", db_default=False)
    drafted_as = models.ForeignKey("self", models.PROTECT, null=True, verbose_name="采用前的测算")

    class Meta:
        db_table = "settlement_policy"
        constraints = (
            models.UniqueConstraint(
                fields=("drafted_as",),
                name="settlement_draft_adopted_once",
                condition=models.Q(drafted_as__isnull=False),
            ),
        )
        indexes = (models.Index(fields=("region", "-starts_on", "-id"), name="settlement_policy_on"),)


class Account(models.Model):
    """One row a person: the lock under which they are settled, and what the year has used up, by policy."""

    person = models.OneToOneField(Person, models.PROTECT, primary_key=True, db_constraint=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False, verbose_name="区划")
    version = models.BigIntegerField("版本")
    state = models.JSONField("累计", db_default={})
    opening = models.JSONField("期初累计", db_default={})

    class Meta:
        db_table = "settlement_account"


class Settlement(models.Model):
    """One answer to one bill. A later row of the same origin replaces it: cancelled, corrected, or settled again."""

    origin = models.BigIntegerField("原结算")
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, db_index=False, db_constraint=False, verbose_name="取代的结算"
    )
    kind = models.TextField("类型", choices=KINDS)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False, verbose_name="区划")
    institution_id = models.TextField("机构", db_default="")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, db_constraint=False)
    payee = models.TextField("支付对象")
    sender = models.TextField("发送方")
    sender_key = models.TextField("发送方编号")
    content_hash = models.TextField("内容指纹")
    service = models.TextField("服务类别")
    happened_on = models.DateField("发生日")
    known_on = models.DateField("知悉日")
    known_at = models.DateTimeField("知悉时间", db_default=CLOCK)
    total_fen = models.BigIntegerField("医疗总费用")
    in_policy_fen = models.BigIntegerField("政策范围内费用")
    relief_fen = models.BigIntegerField("救助金额")
    personal_fen = models.BigIntegerField("个人自付")
    hospital_fen = models.BigIntegerField("医院承担", db_default=0)
    lines = models.JSONField("明细")
    refusal = models.JSONField("不予救助", null=True)
    extras = models.JSONField("其他结果", null=True)
    event = models.JSONField("事件")
    who = models.JSONField("当时的对象信息", db_column="person")
    policy = models.ForeignKey(Policy, models.PROTECT, db_index=False, db_constraint=False, verbose_name="政策")
    engine = models.TextField("程序版本")
    opening_hash = models.TextField("此前累计的指纹")
    chain = models.TextField("回执")
    state_before = models.JSONField("此前累计")
    state_after = models.JSONField("此后累计")
    reason = models.TextField("理由", db_default="")

    class Meta:
        db_table = "settlement_settlement"
        constraints = (
            models.UniqueConstraint(
                fields=("sender", "sender_key"),
                name="settlement_once",
                condition=models.Q(kind__in=("settled", "corrected")),
            ),
            models.UniqueConstraint(
                fields=("replaces",), name="settlement_replaced_once", condition=models.Q(replaces__isnull=False)
            ),
            models.CheckConstraint(
                condition=models.Q(
                    relief_fen__gte=0, personal_fen__gte=0, hospital_fen__gte=0,
                    in_policy_fen__lte=models.F("total_fen"), known_on__gte=models.F("happened_on"),
                ),
                name="settlement_amounts",
            ),
        )  # fmt: skip
        indexes = (
            models.Index(fields=("person", "origin", "id"), name="settlement_of_person"),
            models.Index(fields=("region", "known_on", "id"), name="settlement_in_region"),
            models.Index(fields=("institution_id", "known_on", "id"), name="settlement_of_institution"),
        )


class Proposal(models.Model):
    """A change of what is settled that would move other settlements too: shown, and posted once it is approved.

    `regions`: the counties whose bills it changes; each consents. `adoption`: the policy because of which it was made.
    """

    act = models.TextField("事项", choices=(("cancel", "冲销"), ("correct", "更正"), ("resettle", "重新结算")))
    person = models.ForeignKey(Person, models.PROTECT)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    regions = ArrayField(models.TextField(), verbose_name="涉及的区划")
    adoption = models.ForeignKey(Policy, models.PROTECT, null=True, db_index=False, verbose_name="因采用的政策")
    institution_id = models.TextField("提出的机构", db_default="")
    staff_id = models.BigIntegerField("提出人", null=True)
    settlement = models.ForeignKey(Settlement, models.PROTECT, null=True, db_constraint=False)
    bill = models.JSONField("更正后的账单", null=True)
    differences = models.JSONField("差额")
    reason = models.TextField("理由")
    proposed_on = models.DateField("提出日")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "settlement_proposal"
        indexes = (
            models.Index(fields=("region", "id"), name="settlement_proposal_in"),
            models.Index(
                fields=("adoption", "id"), name="settlement_proposal_for", condition=models.Q(adoption__isnull=False)
            ),
        )


class Concern(models.Model):
    """A county whose bills a proposal changes: how many, and by how much in all."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, verbose_name="区划")
    bills = models.IntegerField("笔数")
    relief_fen = models.BigIntegerField("救助差额")

    class Meta:
        db_table = "settlement_concern"
        constraints = (models.UniqueConstraint(fields=("proposal", "region"), name="settlement_concern_once"),)


class Waiting(models.Model):
    """A county whose consent a proposal waits for; the database takes the row away with the consent or the decision."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, verbose_name="区划")
    regions = ArrayField(models.TextField(), verbose_name="涉及的区划")
    adoption = models.ForeignKey(Policy, models.PROTECT, null=True, db_index=False, verbose_name="因采用的政策")

    class Meta:
        db_table = "settlement_waiting"
        constraints = (models.UniqueConstraint(fields=("proposal", "region"), name="settlement_waiting_once"),)
        indexes = (models.Index(fields=("region", "adoption", "proposal"), name="settlement_waiting_for"),)


class Consent(models.Model):
    """A county agrees to what a proposal changes of its bills."""

    proposal = models.ForeignKey(Proposal, models.PROTECT, db_index=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, verbose_name="区划")
    staff_id = models.BigIntegerField("同意人", null=True)
    reason = models.TextField("理由", db_default="")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "settlement_consent"
        constraints = (models.UniqueConstraint(fields=("proposal", "region"), name="settlement_consent_once"),)


class Decision(models.Model):
    """What was decided of a proposal. `overtaken`: the person's settlements had moved on, and it was proposed anew."""

    proposal = models.OneToOneField(Proposal, models.PROTECT, primary_key=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    decision = models.TextField("决定", choices=(("approved", "同意"), ("rejected", "不同意"), ("overtaken", "已变动")))
    staff_id = models.BigIntegerField("决定人", null=True)
    reason = models.TextField("理由", db_default="")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "settlement_decision"


class Review(models.Model):
    """A change in the registry whose consequences for settlements were looked at; the proposal, if there were any."""

    change = models.OneToOneField(Change, models.PROTECT, primary_key=True)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name="区划")
    proposal = models.ForeignKey(Proposal, models.PROTECT, null=True)
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "settlement_review"


class Sweep(models.Model):
    """A policy row is held against every person with bills since its first day; so many there were when it began."""

    policy = models.OneToOneField(Policy, models.PROTECT, primary_key=True)
    persons = models.IntegerField("人数")
    at = models.DateTimeField("时间", db_default=CLOCK)

    class Meta:
        db_table = "settlement_sweep"


class Outcome(models.Model):
    """What a policy row means for a person's bills of a county. Without any that change there is one row, of none."""

    policy = models.ForeignKey(Policy, models.PROTECT, db_index=False)
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, db_constraint=False)
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, db_constraint=False, verbose_name="区划")
    bills = models.IntegerField("笔数")
    relief_fen = models.BigIntegerField("救助差额")
    trouble = models.TextField("不能重算的原因", db_default="")

    class Meta:
        db_table = "settlement_outcome"
        constraints = (models.UniqueConstraint(fields=("policy", "person", "region"), name="settlement_outcome_once"),)
        indexes = (
            models.Index(
                fields=("policy", "region", "person"), name="settlement_outcome_amiss", condition=~models.Q(trouble="")
            ),
        )
