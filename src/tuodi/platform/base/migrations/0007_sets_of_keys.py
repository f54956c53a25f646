"""Keys change while data are in use: a check for each set, which set a recovery code is under, and the trail's secrets."""

from django.db import migrations, models

from tuodi.platform.base.rls import ROLE

# A credential's secret is sealed anew by the system, and changed by nobody.
SECRETS = f"""
grant update (secret) on base_credential to {ROLE};
create function base_credential_keeps_its_secret() returns trigger language plpgsql as $$ begin
  raise exception 'a secret is only sealed anew' using errcode = 'insufficient_privilege';
end $$;
create trigger keeps_its_secret before update on base_credential for each row
  when (old.secret is distinct from new.secret and tuodi_desk() <> 'system')
  execute function base_credential_keeps_its_secret();
"""
UNDO_SECRETS = f"""
drop function base_credential_keeps_its_secret() cascade;
revoke update (secret) on base_credential from {ROLE};
"""
# What a row of the trail tells sealed, under the set in use: the row itself never changes.
TRAIL = f"""
alter table base_trail_secret enable row level security;
grant select, insert, update (sealed) on base_trail_secret to {ROLE};
create policy sees on base_trail_secret for select to {ROLE}
  using (tuodi_scope() <> '' and exists (select from base_audit where id = audit_id));
create policy adds on base_trail_secret for insert to {ROLE} with check (tuodi_desk() = 'system');
create policy reseals on base_trail_secret for update to {ROLE} using (tuodi_desk() = 'system');
"""


class Migration(migrations.Migration):
    dependencies = [("base", "0006_one_horizon")]

    operations = [
        migrations.RemoveConstraint(model_name="keycheck", name="base_key_check_one"),
        migrations.AlterField(
            model_name="keycheck",
            name="id",
            field=models.PositiveSmallIntegerField(primary_key=True, serialize=False, verbose_name="第几套密钥"),
        ),
        migrations.AddField(
            model_name="keycheck", name="mark", field=models.BinaryField(null=True, verbose_name="标记")
        ),
        migrations.AddField(
            model_name="keycheck", name="in_use", field=models.BooleanField(db_default=False, verbose_name="在用")
        ),
        migrations.AddField(
            model_name="recovery",
            name="key_set",
            field=models.PositiveSmallIntegerField(db_default=1, verbose_name="第几套密钥"),
        ),
        migrations.CreateModel(
            name="TrailSecret",
            fields=[
                (
                    "audit",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=models.PROTECT,
                        primary_key=True,
                        serialize=False,
                        to="base.audit",
                    ),
                ),
                ("sealed", models.BinaryField(verbose_name="密文")),
            ],
            options={"db_table": "base_trail_secret"},
        ),
        migrations.RunSQL(TRAIL, migrations.RunSQL.noop),
        migrations.RunSQL(SECRETS, UNDO_SECRETS),
    ]
