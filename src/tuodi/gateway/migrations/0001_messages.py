"""Messages, visits, fee lines, settlements, files and sign-ins of institutions: rows that are only added."""

import django.db.models.deletion
import django.db.models.expressions
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded

READS = (Desk.hospital, Desk.county, Desk.city, Desk.administrator, Desk.supervisor)
TABLES = (
    "message", "answer", "withdrawal", "sign_in", "sign_out", "shown", "visit", "visit_step", "fee_line",
    "fee_line_withdrawal", "settled", "settled_line", "reversal", "file",
)  # fmt: skip
GUARDS = [
    operation
    for name in TABLES
    for operation in (
        guarded(f"gateway_{name}", reads=READS, writes=(Desk.hospital,), institution="institution_id"),
        append_only(f"gateway_{name}"),
    )
]


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0006_one_horizon"),
        ("registry", "0005_search"),
        ("settlement", "0003_lighter_indexes"),
    ]

    operations = [
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("transaction", models.TextField(verbose_name="交易编号")),
                ("number", models.TextField(verbose_name="发送方报文ID")),
                ("digest", models.BinaryField(verbose_name="内容指纹")),
                ("headers", models.JSONField(verbose_name="报文头（不含密钥和签名）")),
                ("address", models.TextField(verbose_name="来源地址")),
                ("body", models.BinaryField(verbose_name="报文（密文）")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_message",
            },
        ),
        migrations.CreateModel(
            name="FeeLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("line", models.TextField(verbose_name="费用明细流水号")),
                ("returns", models.TextField(blank=True, verbose_name="原费用明细流水号")),
                ("batch", models.TextField(blank=True, verbose_name="收费批次号")),
                ("occurred_at", models.DateTimeField(verbose_name="费用发生时间")),
                ("item", models.TextField(verbose_name="医疗目录编码")),
                ("local_item", models.TextField(verbose_name="医药机构目录编码")),
                ("count", models.DecimalField(decimal_places=4, max_digits=16, verbose_name="数量")),
                ("price", models.DecimalField(decimal_places=6, max_digits=16, verbose_name="单价")),
                ("amount_fen", models.BigIntegerField(verbose_name="金额")),
                ("own_paid_fen", models.BigIntegerField(verbose_name="全自费")),
                ("over_limit_fen", models.BigIntegerField(verbose_name="超限价")),
                ("prepaid_fen", models.BigIntegerField(verbose_name="先行自付")),
                ("in_policy_fen", models.BigIntegerField(verbose_name="符合政策范围")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_fee_line",
            },
        ),
        migrations.CreateModel(
            name="Settled",
            fields=[
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "settlement",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="settlement.settlement",
                    ),
                ),
                ("transaction", models.TextField(verbose_name="交易编号")),
                ("number", models.TextField(verbose_name="发送方报文ID")),
                ("insutype", models.TextField(verbose_name="险种")),
                ("med_type", models.TextField(verbose_name="医疗类别")),
                ("clearing_type", models.TextField(verbose_name="清算类别")),
                ("certificate", models.TextField(verbose_name="就诊凭证类型")),
                ("invoice", models.TextField(blank=True, verbose_name="发票号")),
                ("started_on", models.DateField(verbose_name="开始日期")),
                ("ended_on", models.DateField(verbose_name="结束日期")),
                ("own_paid_fen", models.BigIntegerField(verbose_name="全自费")),
                ("over_limit_fen", models.BigIntegerField(verbose_name="超限价")),
                ("prepaid_fen", models.BigIntegerField(verbose_name="先行自付")),
                ("in_policy_fen", models.BigIntegerField(verbose_name="符合政策范围")),
                ("payments", models.JSONField(verbose_name="各基金支付")),
                ("upstream_account_fen", models.BigIntegerField(verbose_name="上游个人账户支付")),
                ("upstream_hospital_fen", models.BigIntegerField(verbose_name="上游医院负担")),
                ("deductible_fen", models.BigIntegerField(verbose_name="起付线")),
                ("total_fen", models.BigIntegerField(verbose_name="医疗费总额")),
                ("funds_fen", models.BigIntegerField(verbose_name="基金支付总额")),
                ("relief_fen", models.BigIntegerField(verbose_name="医疗救助")),
                ("account_fen", models.BigIntegerField(verbose_name="个人账户支付")),
                ("cash_fen", models.BigIntegerField(verbose_name="个人现金支付")),
                ("hospital_fen", models.BigIntegerField(verbose_name="医院负担")),
                (
                    "cancels",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cancelled",
                        to="gateway.settled",
                    ),
                ),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_settled",
            },
        ),
        migrations.CreateModel(
            name="SignIn",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("operator", models.TextField(verbose_name="操作员")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_sign_in",
            },
        ),
        migrations.CreateModel(
            name="FeeLineWithdrawal",
            fields=[
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "fee_line",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="gateway.feeline",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_fee_line_withdrawal",
            },
        ),
        migrations.CreateModel(
            name="File",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("name", models.TextField(verbose_name="文件名")),
                ("data", models.BinaryField(verbose_name="内容（密文）")),
                ("until", models.DateTimeField(verbose_name="下载截止时间")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_file",
            },
        ),
        migrations.CreateModel(
            name="Reversal",
            fields=[
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "settled",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="gateway.settled",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_reversal",
            },
        ),
        migrations.CreateModel(
            name="SettledLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("fee_line", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="gateway.feeline")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
                (
                    "settled",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="gateway.settled",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_settled_line",
            },
        ),
        migrations.CreateModel(
            name="Shown",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("document", models.TextField(verbose_name="证件类型")),
                ("document_number", models.BinaryField(verbose_name="证件号码（密文）")),
                ("name", models.TextField(verbose_name="姓名")),
                ("operator", models.TextField(verbose_name="操作员")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_shown",
            },
        ),
        migrations.CreateModel(
            name="SignOut",
            fields=[
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "sign_in",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="gateway.signin",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_sign_out",
            },
        ),
        migrations.CreateModel(
            name="Visit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("transaction", models.TextField(verbose_name="交易编号")),
                ("number", models.TextField(verbose_name="发送方报文ID")),
                ("stay", models.BooleanField(verbose_name="住院")),
                ("insutype", models.TextField(verbose_name="险种")),
                ("certificate", models.TextField(verbose_name="就诊凭证类型")),
                ("hospital_number", models.TextField(verbose_name="住院/门诊号")),
                ("started_at", models.DateTimeField(verbose_name="开始时间")),
                ("med_type", models.TextField(blank=True, verbose_name="医疗类别")),
                ("department", models.TextField(verbose_name="科室")),
                ("doctor", models.TextField(blank=True, verbose_name="医师")),
                ("disease", models.TextField(blank=True, verbose_name="病种编码")),
                ("disease_name", models.TextField(blank=True, verbose_name="病种名称")),
                ("diagnoses", models.JSONField(verbose_name="诊断")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="registry.person",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_visit",
            },
        ),
        migrations.AddField(
            model_name="settled",
            name="visit",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="gateway.visit"),
        ),
        migrations.AddField(
            model_name="feeline",
            name="visit",
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to="gateway.visit"),
        ),
        migrations.CreateModel(
            name="VisitStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("described", "就诊信息"),
                            ("discharged", "出院"),
                            ("returned", "撤销出院"),
                            ("withdrawn", "撤销就诊"),
                        ],
                        verbose_name="事项",
                    ),
                ),
                ("started_at", models.DateTimeField(null=True, verbose_name="开始时间")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="结束时间")),
                ("med_type", models.TextField(blank=True, verbose_name="医疗类别")),
                ("disease", models.TextField(blank=True, verbose_name="病种编码")),
                ("disease_name", models.TextField(blank=True, verbose_name="病种名称")),
                ("diagnoses", models.JSONField(default=list, verbose_name="诊断")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
                ("visit", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to="gateway.visit")),
            ],
            options={
                "db_table": "gateway_visit_step",
            },
        ),
        migrations.CreateModel(
            name="Withdrawal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="时间")),
                ("transaction", models.TextField(verbose_name="交易编号")),
                ("number", models.TextField(verbose_name="发送方报文ID")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_withdrawal",
            },
        ),
        migrations.CreateModel(
            name="Answer",
            fields=[
                ("at", models.DateTimeField(verbose_name="时间")),
                (
                    "message",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="gateway.message",
                    ),
                ),
                ("transaction", models.TextField(verbose_name="交易编号")),
                ("number", models.TextField(verbose_name="发送方报文ID")),
                ("digest", models.BinaryField(verbose_name="内容指纹")),
                ("code", models.SmallIntegerField(verbose_name="交易状态码")),
                ("text", models.TextField(blank=True, verbose_name="错误信息")),
                ("kept", models.BooleanField(verbose_name="首次应答")),
                ("body", models.BinaryField(verbose_name="应答（密文）")),
                (
                    "institution",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.institution",
                        verbose_name="机构",
                    ),
                ),
                (
                    "region",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="base.region",
                        verbose_name="机构所在区划",
                    ),
                ),
            ],
            options={
                "db_table": "gateway_answer",
            },
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["institution", "at"], name="gateway_message_at"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["institution", "transaction", "number"], name="gateway_message_key"),
        ),
        migrations.AddField(
            model_name="feelinewithdrawal",
            name="institution",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.institution",
                verbose_name="机构",
            ),
        ),
        migrations.AddField(
            model_name="feelinewithdrawal",
            name="region",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.region",
                verbose_name="机构所在区划",
            ),
        ),
        migrations.AddField(
            model_name="reversal",
            name="institution",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.institution",
                verbose_name="机构",
            ),
        ),
        migrations.AddField(
            model_name="reversal",
            name="region",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.region",
                verbose_name="机构所在区划",
            ),
        ),
        migrations.AddConstraint(
            model_name="settledline",
            constraint=models.UniqueConstraint(fields=("settled", "fee_line"), name="gateway_settled_line_once"),
        ),
        migrations.AddIndex(
            model_name="shown",
            index=models.Index(fields=["institution", "person", "-id"], name="gateway_shown_person"),
        ),
        migrations.AddField(
            model_name="signout",
            name="institution",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.institution",
                verbose_name="机构",
            ),
        ),
        migrations.AddField(
            model_name="signout",
            name="region",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="base.region",
                verbose_name="机构所在区划",
            ),
        ),
        migrations.AddConstraint(
            model_name="visit",
            constraint=models.UniqueConstraint(
                fields=("institution", "transaction", "number"), name="gateway_visit_once"
            ),
        ),
        migrations.AddIndex(
            model_name="settled",
            index=models.Index(fields=["institution", "at"], name="gateway_settled_at"),
        ),
        migrations.AddConstraint(
            model_name="settled",
            constraint=models.UniqueConstraint(
                fields=("institution", "transaction", "number"), name="gateway_settled_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="settled",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total_fen",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("funds_fen"), "+", models.F("account_fen")
                                ),
                                "+",
                                models.F("cash_fen"),
                            ),
                            "+",
                            models.F("hospital_fen"),
                        ),
                    )
                ),
                name="gateway_settled_balances",
            ),
        ),
        migrations.AddIndex(
            model_name="feeline",
            index=models.Index(fields=["visit", "id"], name="gateway_fee_line_visit"),
        ),
        migrations.AddConstraint(
            model_name="feeline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "amount_fen",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(
                                django.db.models.expressions.CombinedExpression(
                                    models.F("own_paid_fen"), "+", models.F("over_limit_fen")
                                ),
                                "+",
                                models.F("prepaid_fen"),
                            ),
                            "+",
                            models.F("in_policy_fen"),
                        ),
                    )
                ),
                name="gateway_fee_line_parts",
            ),
        ),
        migrations.AddConstraint(
            model_name="withdrawal",
            constraint=models.UniqueConstraint(
                fields=("institution", "transaction", "number"), name="gateway_withdrawal_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="answer",
            constraint=models.UniqueConstraint(
                condition=models.Q(("kept", True)),
                fields=("institution", "transaction", "number"),
                name="gateway_answer_once",
            ),
        ),
        *GUARDS,
    ]
