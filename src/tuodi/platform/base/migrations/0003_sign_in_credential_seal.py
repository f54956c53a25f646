"""Second factor and lock-out, credentials of institutions, and the chain over the audit trail."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import tuodi.platform.base.models
from tuodi.platform.base.rls import ROLE, append_only

# Everybody's name may be read, and whoever signs in is looked up before there is a scope. An administrator changes those
# of their region; anybody changes what is their own of themselves, which desk and region are not.
STAFF = f"""
revoke update on base_staff from {ROLE};
grant insert, update on base_staff to {ROLE};
alter table base_staff enable row level security;
create policy sees on base_staff for select to {ROLE} using (true);
create policy adds on base_staff for insert to {ROLE}
  with check (tuodi_desk() in ('administrator', 'system') and tuodi_within(region_id));
create policy changes on base_staff for update to {ROLE}
  using (id = tuodi_staff() or tuodi_desk() in ('administrator', 'system') and tuodi_within(region_id));
create function base_staff_keeps_its_desk() returns trigger language plpgsql as $$ begin
  if tuodi_scope() <> '' and tuodi_desk() not in ('administrator', 'system') and
     (old.username, old.name, old.desk, old.region_id, old.institution_id, old.department, old.is_active)
     is distinct from
     (new.username, new.name, new.desk, new.region_id, new.institution_id, new.department, new.is_active) then
    raise exception 'nobody gives themselves another desk' using errcode = 'insufficient_privilege';
  end if;
  return new;
end $$;
create trigger keeps_its_desk before update on base_staff for each row execute function base_staff_keeps_its_desk();
create unique index base_staff_username_folded on base_staff (lower(username));
"""
UNDO_STAFF = "drop index base_staff_username_folded; drop function base_staff_keeps_its_desk() cascade;"
RECOVERY = f"""
grant select, insert, update (used_at), delete on base_recovery to {ROLE};
alter table base_recovery enable row level security;
create function base_staff_managed(staff bigint) returns boolean language sql stable
  return tuodi_desk() in ('administrator', 'system')
     and exists (select from base_staff where id = staff and tuodi_within(region_id));
create policy sees on base_recovery for select to {ROLE} using (staff_id = tuodi_staff() or base_staff_managed(staff_id));
create policy adds on base_recovery for insert to {ROLE}
  with check (staff_id = tuodi_staff() or base_staff_managed(staff_id));
create policy changes on base_recovery for update to {ROLE} using (tuodi_desk() = 'system');
create policy forgets on base_recovery for delete to {ROLE} using (base_staff_managed(staff_id));
"""
UNDO_RECOVERY = "drop function base_staff_managed(bigint) cascade;"
LOCKOUT = f"""
grant select, insert, update, delete on base_lockout to {ROLE};
alter table base_lockout enable row level security;
create policy does on base_lockout to {ROLE} using (tuodi_desk() in ('administrator', 'system'));
"""
# The gateway looks a credential up, and spends a message's number, before it knows whose scope to enter: by these two
# functions, and by no other way.
CREDENTIAL = f"""
grant select, insert, update (ends_at) on base_credential to {ROLE};
alter table base_credential enable row level security;
create function base_institution_managed(institution text) returns boolean language sql stable
  return tuodi_desk() in ('administrator', 'system')
     and exists (select from base_institution where code = institution and tuodi_within(region_id));
create policy sees on base_credential for select to {ROLE} using (base_institution_managed(institution_id));
create policy adds on base_credential for insert to {ROLE} with check (base_institution_managed(institution_id));
create policy changes on base_credential for update to {ROLE} using (base_institution_managed(institution_id));
create function base_credential_of(asked text) returns table (
    id bigint, institution_id varchar, region_id varchar, variant text, secret bytea, addresses text[],
    starts_at timestamptz, ends_at timestamptz)
  language sql stable security definer set search_path = pg_catalog, public
  as $$ select c.id, c.institution_id, i.region_id, c.variant, c.secret, c.addresses, c.starts_at, c.ends_at
        from base_credential c join base_institution i on i.code = c.institution_id where c.access_key = asked $$;
revoke all on function base_credential_of(text) from public;
grant execute on function base_credential_of(text) to {ROLE};
grant select, delete on base_nonce to {ROLE};
alter table base_nonce enable row level security;
create policy sees on base_nonce for select to {ROLE} using (tuodi_desk() = 'system');
create policy forgets on base_nonce for delete to {ROLE} using (tuodi_desk() = 'system');
create function base_nonce_spend(credential bigint, message text) returns boolean
  language plpgsql security definer set search_path = pg_catalog, public as $$ begin
  insert into base_nonce (credential_id, nonce) values (credential, message) on conflict do nothing;
  return found;
end $$;
revoke all on function base_nonce_spend(bigint, text) from public;
grant execute on function base_nonce_spend(bigint, text) to {ROLE};
"""
UNDO_CREDENTIAL = """
drop function base_nonce_spend(bigint, text), base_credential_of(text);
drop function base_institution_managed(text) cascade;
"""
CHAIN = "".join(
    f"""
grant select, insert on {table} to {ROLE};
alter table {table} enable row level security;
create policy sees on {table} for select to {ROLE} using (tuodi_desk() = 'system');
create policy adds on {table} for insert to {ROLE} with check (tuodi_desk() = 'system');
"""
    for table in ("base_audit_seal", "base_audit_batch")
)


class Migration(migrations.Migration):
    dependencies = [
        ("base", "0002_audit_outbox_holiday"),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditBatch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
                ("position", models.BigIntegerField(verbose_name="封到")),
                ("horizon", tuodi.platform.base.models.TransactionField()),
                ("cluster", models.BigIntegerField(verbose_name="数据库实例")),
            ],
            options={
                "db_table": "base_audit_batch",
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("position", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="序号")),
                ("audit_id", models.BigIntegerField(unique=True, verbose_name="行号")),
                ("code", models.BinaryField(verbose_name="校验码")),
            ],
            options={
                "db_table": "base_audit_seal",
            },
        ),
        migrations.AddField(
            model_name="staff",
            name="must_change_password",
            field=models.BooleanField(default=False, verbose_name="须修改密码"),
        ),
        migrations.AddField(
            model_name="staff",
            name="two_factor",
            field=models.BinaryField(null=True, verbose_name="动态码密钥（密文）"),
        ),
        migrations.AddField(
            model_name="staff",
            name="two_factor_since",
            field=models.DateTimeField(editable=False, null=True, verbose_name="动态码启用时间"),
        ),
        migrations.AddField(
            model_name="staff",
            name="two_factor_step",
            field=models.BigIntegerField(default=0, editable=False, verbose_name="用过的最后一个动态码"),
        ),
        migrations.CreateModel(
            name="Credential",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("variant", models.TextField(verbose_name="接口规范")),
                ("access_key", models.CharField(max_length=40, unique=True, verbose_name="访问标识")),
                ("secret", models.BinaryField(verbose_name="密钥（密文）")),
                (
                    "addresses",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), default=list, size=None, verbose_name="允许的地址"
                    ),
                ),
                (
                    "starts_at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="起",
                    ),
                ),
                ("ends_at", models.DateTimeField(null=True, verbose_name="止")),
                (
                    "institution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="base.institution", verbose_name="机构"
                    ),
                ),
            ],
            options={
                "db_table": "base_credential",
            },
        ),
        migrations.CreateModel(
            name="Lockout",
            fields=[
                ("key", models.BinaryField(primary_key=True, serialize=False, verbose_name="账号或地址的指纹")),
                ("failures", models.PositiveIntegerField(verbose_name="连续失败次数")),
                ("last_at", models.DateTimeField(verbose_name="最近一次")),
                ("locked_until", models.DateTimeField(verbose_name="锁定至")),
            ],
            options={
                "db_table": "base_lockout",
                "indexes": [models.Index(fields=["last_at"], name="base_lockout_last_at")],
            },
        ),
        migrations.CreateModel(
            name="Nonce",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "credential_id", "nonce", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("nonce", models.TextField(verbose_name="随机数")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=models.Func(function="clock_timestamp", output_field=models.DateTimeField()),
                        verbose_name="时间",
                    ),
                ),
                (
                    "credential",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, to="base.credential"
                    ),
                ),
            ],
            options={
                "db_table": "base_nonce",
            },
        ),
        migrations.CreateModel(
            name="Recovery",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code_index", models.BinaryField(unique=True, verbose_name="备用码指纹")),
                ("used_at", models.DateTimeField(null=True, verbose_name="使用时间")),
                ("staff", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
            ],
            options={
                "db_table": "base_recovery",
            },
        ),
        migrations.AddConstraint(
            model_name="credential",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends_at__isnull", True), ("ends_at__gte", models.F("starts_at")), _connector="OR"),
                name="base_credential_order",
            ),
        ),
        migrations.AddIndex(
            model_name="nonce",
            index=models.Index(fields=["at"], name="base_nonce_at"),
        ),
        migrations.RunSQL(STAFF, UNDO_STAFF),
        migrations.RunSQL(RECOVERY, UNDO_RECOVERY),
        migrations.RunSQL(LOCKOUT, migrations.RunSQL.noop),
        migrations.RunSQL(CREDENTIAL, UNDO_CREDENTIAL),
        migrations.RunSQL(CHAIN, migrations.RunSQL.noop),
        append_only("base_audit_seal"),
        append_only("base_audit_batch"),
    ]
