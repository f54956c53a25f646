"""Row-level security as migrations write it: one call a table, so that no table has rules of its own making.

The application works under the role `tuodi_app`, which owns nothing. Without a scope it sees no guarded row.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.db.migrations import RunSQL

from tuodi.platform.base.domain import Desk

ROLE = "tuodi_app"

FUNCTIONS = f"""
-- The role is the whole server's, so it may be there; an owner that is no superuser may have been given it beforehand.
do $$ begin
  if not exists (select from pg_roles where rolname = '{ROLE}') then
    begin
      create role {ROLE} nologin noinherit;
    exception when duplicate_object or unique_violation then null; end;
  end if;
  begin
    grant {ROLE} to current_user;
  exception when insufficient_privilege then
    if not pg_has_role(current_user, '{ROLE}', 'member') then raise; end if;
  end;
  if not has_schema_privilege('{ROLE}', 'public', 'usage') then
    grant usage on schema public to {ROLE};
  end if;
end $$;
grant select on django_migrations to {ROLE};

create function tuodi_desk() returns text language sql stable parallel safe
  return coalesce(current_setting('tuodi.desk', true), '');
create function tuodi_institution() returns text language sql stable parallel safe
  return coalesce(current_setting('tuodi.institution', true), '');
create function tuodi_staff() returns bigint language sql stable parallel safe
  return nullif(current_setting('tuodi.staff', true), '')::bigint;
create function tuodi_scope() returns text language sql stable parallel safe
  return coalesce(current_setting('tuodi.scope', true), '');

-- The path of a region: 371500 -> /3715, 371502 -> /371502.
create function tuodi_path(region text) returns text language sql immutable parallel safe strict
  return '/' || regexp_replace(region, '(00)+$', '');
-- Lies the region within the scope? A hospital has no region of its own to look around in.
create function tuodi_within(region text) returns boolean language sql stable parallel safe
  return tuodi_scope() <> '' and tuodi_desk() <> 'hospital' and starts_with(tuodi_path(region), tuodi_scope());
-- May the scope write for the region? A city reads its counties and changes nothing of theirs.
create function tuodi_owns(region text) returns boolean language sql stable parallel safe
  return tuodi_scope() <> '' and (tuodi_desk() = 'system' or tuodi_path(region) = tuodi_scope());
"""

# Tables that only grow; and the region that a scope stands for: /3715 -> 371500, nothing for the system.
MORE_FUNCTIONS = """
create function tuodi_never_changed() returns trigger language plpgsql as $$ begin
  raise exception 'rows of % are only added, never changed or removed', tg_table_name
    using errcode = 'integrity_constraint_violation';
end $$;
create function tuodi_region() returns text language sql stable parallel safe
  return case when length(tuodi_scope()) > 1 then rpad(substr(tuodi_scope(), 2), 6, '0') else '' end;
"""

# A statement's new rows must name rows that are there; as with a foreign key, seen past row-level security.
REFERS = """
create function tuodi_refers() returns trigger language plpgsql security definer set search_path = public, pg_temp as $$
declare missing text; begin
  execute format(
    'select n.named::text from (select distinct %1$I as named from added where %1$I is not null) n'
    ' where not exists (select from %2$I t where t.%3$I = n.named) limit 1', tg_argv[0], tg_argv[1], tg_argv[2])
  into missing;
  if missing is not null then
    raise exception '% of % names %, which is not in %', tg_argv[0], tg_table_name, missing, tg_argv[1]
      using errcode = 'foreign_key_violation';
  end if;
  return null;
end $$;
revoke execute on function tuodi_refers from public;
"""
UNDO_REFERS = "drop function tuodi_refers();"

UNDO_MORE_FUNCTIONS = "drop function tuodi_never_changed(), tuodi_region();"

UNDO_FUNCTIONS = """
drop function tuodi_owns(text), tuodi_within(text), tuodi_path(text), tuodi_scope(), tuodi_staff(),
  tuodi_institution(), tuodi_desk();
"""


def guarded(
    table: str,
    *,
    reads: Sequence[Desk],
    writes: Sequence[Desk] = (),
    region: str = "region_id",
    institution: str | None = None,
    updates: bool = False,
) -> RunSQL:
    """Rows of the table are seen by desks in `reads` within whose region they lie, written by `writes` who own it.

    `region` and `institution` are the columns that say whose the row is; with `institution` a hospital among `reads`
    or `writes` sees or writes its own. Rows are only ever added, unless `updates`; nothing is ever deleted.
    The desk `system` reads and writes all. For the tables with an identity column the sequence is granted too.
    """
    verbs = "select, insert" + (", update" if updates else "")
    see = _allowed("tuodi_within", reads, region, institution)
    write = _allowed("tuodi_owns", writes, region, institution)
    policies = [
        f"create policy sees on {table} for select to {ROLE} using ({see})",
        f"create policy adds on {table} for insert to {ROLE} with check ({write})",
    ]
    if updates:
        policies.append(f"create policy changes on {table} for update to {ROLE} using ({write}) with check ({write})")
    return RunSQL(
        ";\n".join(
            [
                f"alter table {table} enable row level security",
                f"grant {verbs} on {table} to {ROLE}",
                *policies,
            ]
        ),
        f"drop policy sees on {table}; drop policy adds on {table}; drop policy if exists changes on {table};"
        f" revoke all on {table} from {ROLE}; alter table {table} disable row level security",
    )


def granted(table: str, verbs: str = "select") -> RunSQL:
    """A table that every desk may read, as the list of regions, with the verbs named."""
    return RunSQL(f"grant {verbs} on {table} to {ROLE}", f"revoke all on {table} from {ROLE}")


def append_only(table: str) -> RunSQL:
    """No row of the table is ever changed or removed, whoever asks, its owner included."""
    return RunSQL(
        f"create trigger never_changed before update or delete on {table}"
        " for each row execute function tuodi_never_changed();"
        f" create trigger never_emptied before truncate on {table} execute function tuodi_never_changed()",
        f"drop trigger never_changed on {table}; drop trigger never_emptied on {table}",
    )


def referring(table: str, column: str, *, to: str, key: str = "id", updates: bool = False) -> RunSQL:
    """The column names a row of `to`, looked up once for all rows of a statement where a foreign key asks for each.

    For tables that get a hundred thousand rows at a time. It holds as a foreign key does, whoever writes, because rows
    of `to` are `lasting`: a row that is seen once is there for good. `updates`: the column may be written anew.
    """
    when = {f"refers_{column}": "insert"} | ({f"refers_{column}_anew": "update"} if updates else {})
    made = [
        f"create trigger {name} after {verb} on {table} referencing new table as added"
        f" for each statement execute function tuodi_refers('{column}', '{to}', '{key}')"
        for name, verb in when.items()
    ]
    return RunSQL("; ".join(made), "; ".join(f"drop trigger {name} on {table}" for name in when))


def lasting(table: str, key: str = "id") -> RunSQL:
    """Rows of the table are never removed and keep their key, whoever asks: others may refer to them for good."""
    never = "execute function tuodi_never_changed()"
    return RunSQL(
        f"create trigger lasts before delete on {table} for each row {never};"
        f" create trigger lasts_whole before truncate on {table} {never};"
        f" create trigger lasts_by_key before update of {key} on {table} for each row"
        f" when (old.{key} is distinct from new.{key}) {never}",
        f"drop trigger lasts on {table}; drop trigger lasts_whole on {table}; drop trigger lasts_by_key on {table}",
    )


def resealable(table: str, *columns: str) -> RunSQL:
    """Of an append-only table: the system may seal these columns anew, when keys change; nothing else ever changes."""
    back = " ".join(f"meant.{column} := old.{column};" for column in columns)
    return RunSQL(
        f"""
drop trigger never_changed on {table};
create trigger never_removed before delete on {table} for each row execute function tuodi_never_changed();
create function {table}_only_resealed() returns trigger language plpgsql as $$
declare meant {table} := new; begin
  {back}
  if not (meant *= old) then
    raise exception 'rows of % are only sealed anew, never changed', tg_table_name
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger only_resealed before update on {table} for each row execute function {table}_only_resealed();
grant update ({", ".join(columns)}) on {table} to {ROLE};
create policy reseals on {table} for update to {ROLE} using (tuodi_desk() = 'system');
""",
        f"""
drop policy reseals on {table};
revoke update ({", ".join(columns)}) on {table} from {ROLE};
drop function {table}_only_resealed() cascade;
drop trigger never_removed on {table};
create trigger never_changed before update or delete on {table} for each row execute function tuodi_never_changed();
""",
    )


def _allowed(test: str, desks: Sequence[Desk], region: str, institution: str | None) -> str:
    """The condition on a row. Desks are an enum's names, so nothing of a user's gets into the text."""
    offices = [desk.name for desk in (*desks, Desk.system) if desk is not Desk.hospital]
    names = ", ".join(f"'{name}'" for name in offices)
    condition = f"tuodi_desk() in ({names}) and {test}({region})"
    if institution and Desk.hospital in desks:
        condition += f" or tuodi_desk() = 'hospital' and {institution} = tuodi_institution()"
    return condition
