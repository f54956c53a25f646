"""Statements, and everything that keeps them right."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import append_only, guarded
from tuodi.platform.clearing.schema import CONTENT, GRANTS, MONEY, RULES, SHARED, STEP, UNDO

OFFICES = (Desk.county, Desk.finance, Desk.city, Desk.supervisor)
EVERYBODY = (*OFFICES, Desk.hospital)
OWN = "institution_id"


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("base", "0002_audit_outbox_holiday"),
        ("settlement", "0001_settlements"),
    ]

    operations = [
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clearing_type', models.TextField(verbose_name='清算类别')),
                ('month', models.DateField(verbose_name='清算年月')),
                ('first', models.DateField(verbose_name='起')),
                ('last', models.DateField(verbose_name='止')),
                ('visits', models.PositiveIntegerField(verbose_name='人次')),
                ('total_fen', models.BigIntegerField(verbose_name='医疗费总额')),
                ('recognised_fen', models.BigIntegerField(verbose_name='医保认可费用总额')),
                ('funds_fen', models.BigIntegerField(verbose_name='基金申报总额')),
                ('cash_fen', models.BigIntegerField(verbose_name='现金支付')),
                ('account_fen', models.BigIntegerField(verbose_name='个人账户支付')),
                ('at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), verbose_name='时间')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.institution', verbose_name='机构')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.region', verbose_name='区划')),
            ],
            options={
                'db_table': 'clearing_application',
            },
        ),
        migrations.CreateModel(
            name='Disallowance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveSmallIntegerField(verbose_name='第几项待遇')),
                ('fen', models.BigIntegerField(verbose_name='扣减金额')),
                ('sources', models.JSONField(verbose_name='各资金来源')),
                ('reason', models.TextField(verbose_name='理由')),
                ('clause', models.TextField(verbose_name='依据')),
                ('staff_id', models.BigIntegerField(db_default=models.Func(function='tuodi_staff', output_field=models.BigIntegerField()), null=True, verbose_name='人员')),
                ('at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), verbose_name='时间')),
                ('institution', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution')),
                ('region', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region')),
            ],
            options={
                'db_table': 'clearing_disallowance',
            },
        ),
        migrations.CreateModel(
            name='Statement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='月份')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.institution', verbose_name='机构')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.region', verbose_name='区划')),
            ],
            options={
                'db_table': 'clearing_statement',
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('disallowance', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='clearing.disallowance')),
                ('settlement_id', models.BigIntegerField(verbose_name='冲销或重算的结算')),
                ('at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), verbose_name='时间')),
            ],
            options={
                'db_table': 'clearing_release',
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('disallowance', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='clearing.disallowance')),
                ('reason', models.TextField(verbose_name='理由')),
                ('staff_id', models.BigIntegerField(db_default=models.Func(function='tuodi_staff', output_field=models.BigIntegerField()), null=True, verbose_name='人员')),
                ('at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), verbose_name='时间')),
            ],
            options={
                'db_table': 'clearing_withdrawal',
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='clearing.statement')),
                ('sources', models.JSONField(verbose_name='各资金来源')),
                ('relief_fen', models.BigIntegerField(verbose_name='救助金额')),
                ('disallowed_fen', models.BigIntegerField(verbose_name='扣减')),
                ('released_fen', models.BigIntegerField(verbose_name='退还扣减')),
                ('offset_fen', models.BigIntegerField(verbose_name='抵扣应退')),
                ('paid_fen', models.BigIntegerField(verbose_name='应付')),
                ('left_due_fen', models.BigIntegerField(verbose_name='仍应退回')),
                ('ordered_on', models.DateField(verbose_name='开单日')),
            ],
            options={
                'db_table': 'clearing_order',
            },
        ),
        migrations.AddField(
            model_name='disallowance',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='clearing.statement'),
        ),
        migrations.CreateModel(
            name='Report',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.DateField(verbose_name='起')),
                ('last', models.DateField(verbose_name='止')),
                ('insurance', models.TextField(db_default='', verbose_name='险种')),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.TextField(), db_default=[], size=None, verbose_name='服务类别')),
                ('with_refunds', models.BooleanField(verbose_name='含撤销')),
                ('detailed', models.BooleanField(verbose_name='有明细')),
                ('totals', models.JSONField(verbose_name='总额')),
                ("content_hash", models.TextField(verbose_name="内容指纹")),
                ('at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), verbose_name='时间')),
                ('institution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.institution', verbose_name='机构')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.region', verbose_name='区划')),
            ],
            options={
                'db_table': 'clearing_report',
            },
        ),
        migrations.CreateModel(
            name='Reported',
            fields=[
                ('pk', models.CompositePrimaryKey('report_id', 'position', blank=True, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveIntegerField(verbose_name='行号')),
                ('number', models.TextField(verbose_name='结算号')),
                ('known', models.BooleanField(verbose_name='是我们的结算')),
                ('total_fen', models.BigIntegerField(null=True, verbose_name='医疗总费用')),
                ('funds_fen', models.BigIntegerField(null=True, verbose_name='基金支付')),
                ('relief_fen', models.BigIntegerField(null=True, verbose_name='救助金额')),
                ('account_fen', models.BigIntegerField(null=True, verbose_name='个人账户支付')),
                ('cash_fen', models.BigIntegerField(null=True, verbose_name='现金支付')),
                ('institution', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution')),
                ('region', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region')),
                ('report', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='clearing.report')),
            ],
            options={
                'db_table': 'clearing_reported',
            },
        ),
        migrations.CreateModel(
            name='Row',
            fields=[
                ('settlement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='cleared', serialize=False, to='settlement.settlement')),
                ('kind', models.TextField(choices=[('settled', '结算'), ('cancelled', '撤销'), ('correction', '更正')], verbose_name='类型')),
                ('takes_back', models.BigIntegerField(null=True, unique=True, verbose_name='取代的结算')),
                ('happened_on', models.DateField(verbose_name='发生日')),
                ('known_on', models.DateField(verbose_name='知悉日')),
                ('insurance', models.TextField(verbose_name='险种')),
                ('service', models.TextField(verbose_name='服务类别')),
                ('total_fen', models.BigIntegerField(verbose_name='医疗总费用')),
                ('in_policy_fen', models.BigIntegerField(verbose_name='政策范围内费用')),
                ('relief_fen', models.BigIntegerField(verbose_name='救助金额')),
                ('personal_fen', models.BigIntegerField(verbose_name='个人自付')),
                ('hospital_fen', models.BigIntegerField(verbose_name='医院承担')),
                ('sources', models.JSONField(verbose_name='各资金来源')),
                ('lines', models.JSONField(verbose_name='明细')),
                ('institution', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution')),
                ('region', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='clearing.statement')),
            ],
            options={
                'db_table': 'clearing_row',
            },
        ),
        migrations.AddField(
            model_name='disallowance',
            name='row',
            field=models.ForeignKey(db_column='settlement_id', on_delete=django.db.models.deletion.PROTECT, to='clearing.row'),
        ),
        migrations.CreateModel(
            name='Step',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField(verbose_name='序号')),
                ('act', models.TextField(choices=[('draw', '生成'), ('send', '送达'), ('confirm', '确认'), ('lapse', '逾期视同确认'), ('object', '提出异议'), ('answer', '答复异议'), ('approve_business', '业务核准'), ('approve_finance', '财务核准'), ('send_back', '退回'), ('order', '开支付单'), ('pay', '确认支付')], verbose_name='行为')),
                ('status', models.TextField(choices=[('drawn', '已生成'), ('sent', '已送达'), ('confirmed', '已确认'), ('objected', '有异议'), ('answered', '已答复'), ('approved_by_business', '业务已核准'), ('approved_by_finance', '财务已核准'), ('ordered', '已开支付单'), ('paid', '已支付')], verbose_name='状态')),
                ('content', models.TextField(verbose_name='内容指纹')),
                ('reason', models.TextField(db_default='', verbose_name='理由')),
                ('concerns', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), db_default=[], size=None, verbose_name='涉及的扣减')),
                ('lapses_on', models.DateField(null=True, verbose_name='逾期视同确认之日')),
                ('staff_id', models.BigIntegerField(db_default=models.Func(function='tuodi_staff', output_field=models.BigIntegerField()), null=True, verbose_name='人员')),
                ('at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), verbose_name='时间')),
                ('institution', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution')),
                ('region', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region')),
                ('statement', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='clearing.statement')),
            ],
            options={
                'db_table': 'clearing_step',
            },
        ),
        migrations.CreateModel(
            name='Term',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('institution_id', models.TextField(db_default='', verbose_name='机构')),
                ('starts_on', models.DateField(verbose_name='起')),
                ('pay_within', models.PositiveSmallIntegerField(null=True, verbose_name='月末后几个工作日内支付')),
                ('confirm_within', models.PositiveSmallIntegerField(null=True, verbose_name='送达后几个工作日内确认')),
                ('within_year', models.BooleanField(db_default=False, verbose_name='年度内结清')),
                ('basis', models.TextField(verbose_name='依据')),
                ('staff_id', models.BigIntegerField(db_default=models.Func(function='tuodi_staff', output_field=models.BigIntegerField()), null=True, verbose_name='人员')),
                ('at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), verbose_name='时间')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='base.region', verbose_name='区划')),
            ],
            options={
                'db_table': 'clearing_term',
            },
        ),
        migrations.CreateModel(
            name='ApplicationWithdrawal',
            fields=[
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='clearing.application')),
                ('at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), verbose_name='时间')),
                ('institution', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution')),
                ('region', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region')),
            ],
            options={
                'db_table': 'clearing_application_withdrawal',
            },
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['institution', 'month'], name='clearing_application_month'),
        ),
        migrations.AddField(
            model_name='release',
            name='institution',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution'),
        ),
        migrations.AddField(
            model_name='release',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region'),
        ),
        migrations.AddField(
            model_name='release',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='clearing.statement'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='institution',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region'),
        ),
        migrations.AddField(
            model_name='withdrawal',
            name='statement',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='clearing.statement'),
        ),
        migrations.CreateModel(
            name='Payment',
            fields=[
                ('statement', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, serialize=False, to='clearing.order')),
                ('paid_on', models.DateField(verbose_name='支付日')),
                ('reference', models.TextField(verbose_name='银行凭证号')),
            ],
            options={
                'db_table': 'clearing_payment',
            },
        ),
        migrations.AddField(
            model_name='order',
            name='institution',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution'),
        ),
        migrations.AddField(
            model_name='order',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.UniqueConstraint(fields=('region', 'institution', 'month'), name='clearing_statement_once'),
        ),
        migrations.AddConstraint(
            model_name='statement',
            constraint=models.CheckConstraint(condition=models.Q(('month__day', 1)), name='clearing_statement_month'),
        ),
        migrations.AddIndex(
            model_name='report',
            index=models.Index(fields=['institution', 'first', 'last'], name='clearing_report_days'),
        ),
        migrations.AddIndex(
            model_name='reported',
            index=models.Index(fields=['institution', 'number'], name='clearing_reported_number'),
        ),
        migrations.AddConstraint(
            model_name='row',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'settled'), ('takes_back', None)), models.Q(models.Q(('kind', 'settled'), _negated=True), ('takes_back__isnull', False)), _connector='OR'), name='clearing_row_takes_back'),
        ),
        migrations.AddConstraint(
            model_name='disallowance',
            constraint=models.CheckConstraint(condition=models.Q(('fen__gt', 0)), name='clearing_disallowance_fen'),
        ),
        migrations.AddConstraint(
            model_name='disallowance',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), _negated=True), models.Q(('clause', ''), _negated=True)), name='clearing_disallowance_why'),
        ),
        migrations.AddConstraint(
            model_name='step',
            constraint=models.UniqueConstraint(fields=('statement', 'number'), name='clearing_step_once'),
        ),
        migrations.AddField(
            model_name='payment',
            name='institution',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.institution'),
        ),
        migrations.AddField(
            model_name='payment',
            name='region',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, to='base.region'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('disallowed_fen__gte', 0), ('left_due_fen__gte', 0), ('offset_fen__gte', 0), ('paid_fen__gte', 0), ('released_fen__gte', 0)), name='clearing_order_never_negative'),
        ),
        migrations.AddConstraint(
            model_name="report",
            constraint=models.UniqueConstraint(fields=("institution", "content_hash"), name="clearing_report_once"),
        ),
        migrations.RunSQL(RULES + SHARED + STEP + CONTENT + MONEY, UNDO),
        guarded("clearing_term", reads=OFFICES, writes=(Desk.county,)),
        guarded("clearing_statement", reads=EVERYBODY, writes=(Desk.county,), institution=OWN),
        guarded("clearing_row", reads=EVERYBODY, writes=(Desk.county,), institution=OWN),
        guarded("clearing_disallowance", reads=EVERYBODY, writes=(Desk.county,), institution=OWN),
        guarded("clearing_withdrawal", reads=EVERYBODY, writes=(Desk.county,), institution=OWN),
        guarded("clearing_release", reads=EVERYBODY, writes=(Desk.county,), institution=OWN),
        guarded(
            "clearing_step",
            reads=EVERYBODY,
            writes=(Desk.county, Desk.finance, Desk.hospital),
            institution=OWN,
        ),
        guarded("clearing_order", reads=EVERYBODY, writes=(Desk.finance,), institution=OWN),
        guarded("clearing_payment", reads=EVERYBODY, writes=(Desk.finance,), institution=OWN),
        guarded("clearing_report", reads=EVERYBODY, writes=(Desk.county, Desk.hospital), institution=OWN),
        guarded("clearing_reported", reads=EVERYBODY, writes=(Desk.county, Desk.hospital), institution=OWN),
        guarded("clearing_application", reads=EVERYBODY, writes=(Desk.hospital,), institution=OWN),
        guarded("clearing_application_withdrawal", reads=EVERYBODY, writes=(Desk.hospital,), institution=OWN),
        migrations.RunSQL(GRANTS, migrations.RunSQL.noop),
        *[
            append_only(f"clearing_{table}")
            for table in (
                "term", "statement", "row", "disallowance", "withdrawal", "release", "step", "order", "payment",
                "report", "reported", "application", "application_withdrawal",
            )
        ],
    ]  # fmt: skip
