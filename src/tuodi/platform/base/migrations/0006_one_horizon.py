"""How far the sealer came is one row that moves on; the chain itself only grows, as before."""

from django.db import migrations

from tuodi.platform.base.rls import ROLE, append_only

ONE_ROW = f"""
drop trigger never_changed on base_audit_batch;
drop trigger never_emptied on base_audit_batch;
delete from base_audit_batch where id < (select max(id) from base_audit_batch);
update base_audit_batch set id = 1;
alter table base_audit_batch add constraint base_audit_batch_one check (id = 1);
grant update on base_audit_batch to {ROLE};
create policy changes on base_audit_batch for update to {ROLE} using (tuodi_desk() = 'system');
"""
UNDO = (
    f"drop policy changes on base_audit_batch; revoke update on base_audit_batch from {ROLE};"
    f" alter table base_audit_batch drop constraint base_audit_batch_one; {append_only('base_audit_batch').sql}"
)


class Migration(migrations.Migration):
    dependencies = [("base", "0005_places")]

    operations = [migrations.RunSQL(ONE_ROW, UNDO)]
