"""What institutions send and what they were answered: messages, visits, fee lines, settlements, files, sign-ins.

Rows are only ever added. What changes is a row of its own: a visit's discharge, a fee line's withdrawal, a reversal.
What is sealed in them is sealed anew when keys change, and nothing else of them ever is another.
"""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now

from tuodi.platform.base.models import Institution, Region
from tuodi.platform.registry.models import Person


class Owned(models.Model):
    """A row of an institution; the region is the institution's county, which may look on."""

    institution = models.ForeignKey(Institution, models.PROTECT, db_index=False, related_name="+", verbose_name="机构")
    region = models.ForeignKey(Region, models.PROTECT, db_index=False, related_name="+", verbose_name="机构所在区划")
    at = models.DateTimeField("时间")

    class Meta:
        abstract = True


# ---- messages --------------------------------------------------------------------------------------------------------


class Message(Owned):
    """A message as it came, each time that it came. The body is packed and sealed: it names people."""

    transaction = models.TextField("交易编号")
    number = models.TextField("发送方报文ID")
    digest = models.BinaryField("内容指纹")
    headers = models.JSONField("报文头（不含密钥和签名）")
    address = models.TextField("来源地址")
    body = models.BinaryField("报文（密文）")

    class Meta:
        db_table = "gateway_message"
        indexes = (
            models.Index(fields=("institution", "at"), name="gateway_message_at"),
            models.Index(fields=("institution", "transaction", "number"), name="gateway_message_key"),
        )


class Answer(Owned):
    """What a message was answered. `kept`: the answer that the same message gets again; a key has one."""

    message = models.OneToOneField(Message, models.PROTECT, primary_key=True)
    transaction = models.TextField("交易编号")
    number = models.TextField("发送方报文ID")
    digest = models.BinaryField("内容指纹")
    code = models.SmallIntegerField("交易状态码")
    text = models.TextField("错误信息", blank=True)
    kept = models.BooleanField("首次应答")
    body = models.BinaryField("应答（密文）")

    class Meta:
        db_table = "gateway_answer"
        constraints = (
            models.UniqueConstraint(
                fields=("institution", "transaction", "number"),
                condition=models.Q(kept=True),
                name="gateway_answer_once",
            ),
        )


class Withdrawal(Owned):
    """A message whose work was reversed, or that will never be done: its number is used up."""

    transaction = models.TextField("交易编号")
    number = models.TextField("发送方报文ID")

    class Meta:
        db_table = "gateway_withdrawal"
        constraints = (
            models.UniqueConstraint(fields=("institution", "transaction", "number"), name="gateway_withdrawal_once"),
        )


class SignIn(Owned):
    """An operator who has signed in."""

    operator = models.TextField("操作员")

    class Meta:
        db_table = "gateway_sign_in"


class SignOut(Owned):
    """The end of a sign-in."""

    sign_in = models.OneToOneField(SignIn, models.PROTECT, primary_key=True)

    class Meta:
        db_table = "gateway_sign_out"


class File(Owned):
    """A file up (9101) or a result to be fetched (9102), until a moment; sealed, since it names people."""

    name = models.TextField("文件名")
    data = models.BinaryField("内容（密文）")
    until = models.DateTimeField("下载截止时间")

    class Meta:
        db_table = "gateway_file"


# ---- persons and visits ----------------------------------------------------------------------------------------------


class Shown(Owned):
    """A person whose certificate an institution has shown: only of these it is told anything afterwards."""

    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    document = models.TextField("证件类型")
    document_number = models.BinaryField("证件号码（密文）")
    name = models.TextField("姓名")
    operator = models.TextField("操作员")

    class Meta:
        db_table = "gateway_shown"
        indexes = (models.Index(fields=("institution", "person", "-id"), name="gateway_shown_person"),)


class Visit(Owned):
    """A registration or an admission, as it was opened. Identity numbers stay in `Shown`."""

    transaction = models.TextField("交易编号")
    number = models.TextField("发送方报文ID")
    person = models.ForeignKey(Person, models.PROTECT, db_index=False, related_name="+")
    stay = models.BooleanField("住院")
    insutype = models.TextField("险种")
    certificate = models.TextField("就诊凭证类型")
    hospital_number = models.TextField("住院/门诊号")
    started_at = models.DateTimeField("开始时间")
    med_type = models.TextField("医疗类别", blank=True)
    department = models.TextField("科室")
    doctor = models.TextField("医师", blank=True)
    disease = models.TextField("病种编码", blank=True)
    disease_name = models.TextField("病种名称", blank=True)
    diagnoses = models.JSONField("诊断")

    class Meta:
        db_table = "gateway_visit"
        constraints = (
            models.UniqueConstraint(fields=("institution", "transaction", "number"), name="gateway_visit_once"),
        )


class VisitStep(Owned):
    """What became of a visit: described, changed, discharged, not discharged after all, withdrawn. The latest holds."""

    visit = models.ForeignKey(Visit, models.PROTECT)
    kind = models.TextField(
        "事项",
        choices=(
            ("described", "就诊信息"), ("discharged", "出院"), ("returned", "撤销出院"), ("withdrawn", "撤销就诊"),
        ),
    )  # fmt: skip
    started_at = models.DateTimeField("开始时间", null=True)
    ended_at = models.DateTimeField("结束时间", null=True)
    med_type = models.TextField("医疗类别", blank=True)
    disease = models.TextField("病种编码", blank=True)
    disease_name = models.TextField("病种名称", blank=True)
    diagnoses = models.JSONField("诊断", default=list)

    class Meta:
        db_table = "gateway_visit_step"


class Catalogue(models.Model):
    """A region's catalogue of drugs, services and materials as it was imported; from its day on the latest holds."""

    region = models.ForeignKey(Region, models.PROTECT, related_name="+", verbose_name="区划")
    at = models.DateTimeField("导入时间", db_default=Now())
    starts_on = models.DateField("起用日期")
    document = models.TextField("依据的文件")
    content_hash = models.TextField("文件指纹")
    count = models.PositiveIntegerField("条数")

    class Meta:
        db_table = "gateway_catalogue"


class CatalogueItem(models.Model):
    """What a catalogue says of a code, on which days; `gateway.catalogue.item` says how an amount of it divides."""

    catalogue = models.ForeignKey(Catalogue, models.PROTECT, db_index=False, related_name="+")
    code = models.TextField("编码")
    name = models.TextField("名称")
    grade = models.TextField("类别", choices=(("01", "甲"), ("02", "乙"), ("03", "丙")))
    self_pay = models.PositiveSmallIntegerField("先自付比例（万分）")
    ceiling = models.DecimalField("支付上限（元）", max_digits=16, decimal_places=6, null=True)
    starts_on = models.DateField("起")
    ends_on = models.DateField("止", null=True)

    class Meta:
        db_table = "gateway_catalogue_item"
        constraints = (
            models.UniqueConstraint(fields=("catalogue", "code", "starts_on"), name="gateway_catalogue_item_once"),
            models.CheckConstraint(condition=models.Q(self_pay__lte=10_000), name="gateway_catalogue_item_share"),
        )


class LineRule(models.Model):
    """Whether an institution's fee lines must be divided, by itself or by a catalogue; the latest row holds."""

    institution = models.ForeignKey(Institution, models.PROTECT, related_name="+", verbose_name="机构")
    at = models.DateTimeField("时间", db_default=Now())
    divided_only = models.BooleanField("只收有拆分的费用明细")

    class Meta:
        db_table = "gateway_line_rule"


class FeeLine(Owned):
    """A fee line with its four parts."""

    visit = models.ForeignKey(Visit, models.PROTECT, db_index=False)
    line = models.TextField("费用明细流水号")
    returns = models.TextField("原费用明细流水号", blank=True)
    batch = models.TextField("收费批次号", blank=True)
    occurred_at = models.DateTimeField("费用发生时间")
    item = models.TextField("医疗目录编码")
    local_item = models.TextField("医药机构目录编码")
    count = models.DecimalField("数量", max_digits=16, decimal_places=4)
    price = models.DecimalField("单价", max_digits=16, decimal_places=6)
    amount_fen = models.BigIntegerField("金额")
    own_paid_fen = models.BigIntegerField("全自费")
    over_limit_fen = models.BigIntegerField("超限价")
    prepaid_fen = models.BigIntegerField("先行自付")
    in_policy_fen = models.BigIntegerField("符合政策范围")
    divided_by = models.TextField(
        "由谁拆分", choices=(("hospital", "医院"), ("catalogue", "目录"), ("nobody", "无")), blank=True
    )

    class Meta:
        db_table = "gateway_fee_line"
        indexes = (models.Index(fields=("visit", "id"), name="gateway_fee_line_visit"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(
                    amount_fen=models.F("own_paid_fen")
                    + models.F("over_limit_fen")
                    + models.F("prepaid_fen")
                    + models.F("in_policy_fen")
                ),
                name="gateway_fee_line_parts",
            ),
        )


class FeeLineWithdrawal(Owned):
    """A fee line that was taken away before it was settled."""

    fee_line = models.OneToOneField(FeeLine, models.PROTECT, primary_key=True)

    class Meta:
        db_table = "gateway_fee_line_withdrawal"


# ---- settlements -----------------------------------------------------------------------------------------------------


class Settled(Owned):
    """A settlement or a cancel as it was answered; its number is that of the settlement room's row.

    `at` is the time that the answer tells. A cancel has negative amounts and names what it takes back. `stands_for`: a
    cancel of that settlement was reversed, and this row stands in its place, under its number.
    """

    settlement = models.OneToOneField(
        "settlement.Settlement", models.PROTECT, primary_key=True, db_constraint=False, related_name="+"
    )
    cancels = models.OneToOneField("self", models.PROTECT, null=True, related_name="cancelled")
    stands_for = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", verbose_name="恢复的结算")
    visit = models.ForeignKey(Visit, models.PROTECT)
    transaction = models.TextField("交易编号")
    number = models.TextField("发送方报文ID")
    insutype = models.TextField("险种")
    med_type = models.TextField("医疗类别")
    clearing_type = models.TextField("清算类别")
    certificate = models.TextField("就诊凭证类型")
    invoice = models.TextField("发票号", blank=True)
    started_on = models.DateField("开始日期")
    ended_on = models.DateField("结束日期")
    own_paid_fen = models.BigIntegerField("全自费")
    over_limit_fen = models.BigIntegerField("超限价")
    prepaid_fen = models.BigIntegerField("先行自付")
    in_policy_fen = models.BigIntegerField("符合政策范围")
    payments = models.JSONField("各基金支付")
    upstream_account_fen = models.BigIntegerField("上游个人账户支付")
    upstream_hospital_fen = models.BigIntegerField("上游医院负担")
    deductible_fen = models.BigIntegerField("起付线")
    total_fen = models.BigIntegerField("医疗费总额")
    funds_fen = models.BigIntegerField("基金支付总额")
    relief_fen = models.BigIntegerField("医疗救助")
    account_fen = models.BigIntegerField("个人账户支付")
    cash_fen = models.BigIntegerField("个人现金支付")
    hospital_fen = models.BigIntegerField("医院负担")

    class Meta:
        db_table = "gateway_settled"
        indexes = (models.Index(fields=("institution", "at"), name="gateway_settled_at"),)
        constraints = (
            models.UniqueConstraint(fields=("institution", "transaction", "number"), name="gateway_settled_once"),
            models.CheckConstraint(
                condition=models.Q(
                    total_fen=models.F("funds_fen")
                    + models.F("account_fen")
                    + models.F("cash_fen")
                    + models.F("hospital_fen")
                ),
                name="gateway_settled_balances",
            ),
        )


class SettledLine(Owned):
    """Which fee lines a settlement has settled."""

    settled = models.ForeignKey(Settled, models.PROTECT, db_index=False, related_name="lines")
    fee_line = models.ForeignKey(FeeLine, models.PROTECT)

    class Meta:
        db_table = "gateway_settled_line"
        constraints = (models.UniqueConstraint(fields=("settled", "fee_line"), name="gateway_settled_line_once"),)


class Reversal(Owned):
    """A settlement that was reversed: nothing of it is told any more."""

    settled = models.OneToOneField(Settled, models.PROTECT, primary_key=True)

    class Meta:
        db_table = "gateway_reversal"
