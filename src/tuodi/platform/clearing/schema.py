"""Clearing's triggers, as its migration writes them: what makes a wrong statement impossible in the database.

Whatever concerns one institution in one county goes one after the other, under one lock; others never wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from tuodi.platform.base.rls import ROLE
from tuodi.platform.clearing.domain.steps import DISALLOWING, NOT_AFTER, Act, Status


def _rules() -> str:
    """Each act from each status that it needs, with the desks whose it is; from no status at all: ''."""
    return ",\n".join(
        f"('{act.name}', '{needs}', '{act.gives.name}', array[{_quoted(desk.name for desk in act.desks)}])"
        for act in Act
        for needs in ([status.name for status in act.needs] or [""])
    )


def _apart() -> str:
    pairs = [(act.name, other.name) for act, others in NOT_AFTER.items() for other in Act if other in others]
    return ", ".join(f"({_quoted(pair)})" for pair in pairs)


def _listed(statuses: frozenset[Status]) -> str:
    return _quoted(status.name for status in Status if status in statuses)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


# The closed lists as tables: INV-27, and the way from drawing to payment.
RULES = f"""
create table clearing_rule (act text, needs text, gives text not null, desks text[] not null, primary key (act, needs));
insert into clearing_rule values
{_rules()};
create table clearing_apart (act text, other text, primary key (act, other));
insert into clearing_apart values {_apart()};
"""

SHARED = """
create function clearing_lock(p_region text, p_institution text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4301, hashtext(p_region || ' ' || p_institution));
end $$;

create function clearing_status(p_statement bigint) returns text language sql stable
  return (select status from clearing_step where statement_id = p_statement order by number desc limit 1);

-- Region and institution are the statement's, whoever writes the row, and what concerns them goes in turn.
create function clearing_belongs() returns trigger language plpgsql as $$
begin
  select region_id, institution_id into new.region_id, new.institution_id
    from clearing_statement where id = new.statement_id;
  if not found then
    raise exception 'no statement %', new.statement_id using errcode = 'foreign_key_violation';
  end if;
  perform clearing_lock(new.region_id, new.institution_id);
  return new;
end $$;
"""

STEP = """
create function clearing_step_checked() returns trigger language plpgsql as $$
declare v_status text;
begin
  v_status := coalesce(clearing_status(new.statement_id), '');
  if not exists (select from clearing_rule where act = new.act and needs = v_status and gives = new.status
                   and (tuodi_desk() = any (desks) or tuodi_desk() = 'system')) then
    raise exception 'a statement that is % takes no % from %', v_status, new.act, tuodi_desk() using errcode = 'TC001';
  end if;
  if exists (select from clearing_apart where act = new.act) and (
       tuodi_staff() is null
       or exists (select from clearing_apart a join clearing_step s on s.act = a.other
                    where a.act = new.act and s.statement_id = new.statement_id and s.staff_id = tuodi_staff())
       or exists (select from clearing_disallowance
                    where statement_id = new.statement_id and staff_id = tuodi_staff())
       or exists (select from clearing_withdrawal
                    where statement_id = new.statement_id and staff_id = tuodi_staff())) then
    raise exception 'INV-27 nobody approves what they prepared' using errcode = 'TC027';
  end if;
  new.number := 1 + (select count(*) from clearing_step where statement_id = new.statement_id);
  return new;
end $$;
create trigger belongs before insert on clearing_step for each row execute function clearing_belongs();
create trigger checked before insert on clearing_step for each row execute function clearing_step_checked();
"""

CONTENT = f"""
create function clearing_row_checked() returns trigger language plpgsql as $$
begin
  if clearing_status(new.statement_id) <> 'drawn' then
    raise exception 'INV-28 what was sent stands still' using errcode = 'TC028';
  end if;
  if new.relief_fen <> coalesce((select sum(value::bigint) from jsonb_each_text(new.sources)), 0) then
    raise exception 'INV-24 the sources bear the relief of %', new.settlement_id using errcode = 'TC024';
  end if;
  return new;
end $$;
create trigger belongs before insert on clearing_row for each row execute function clearing_belongs();
create trigger checked before insert on clearing_row for each row execute function clearing_row_checked();

create function clearing_disallowance_checked() returns trigger language plpgsql as $$
declare v_row clearing_row; v_paid bigint; v_before bigint;
begin
  if clearing_status(new.statement_id) <> 'drawn' then
    raise exception 'INV-28 what was sent stands still' using errcode = 'TC028';
  end if;
  select * into v_row from clearing_row where settlement_id = new.settlement_id;
  select (line ->> 'paid')::bigint into v_paid from jsonb_array_elements(v_row.lines) as line
    where (line ->> 'number')::int = new.line;
  select coalesce(sum(fen), 0) into v_before from clearing_disallowance d
    where d.settlement_id = new.settlement_id and d.line = new.line
      and not exists (select from clearing_withdrawal where disallowance_id = d.id)
      and not exists (select from clearing_release where disallowance_id = d.id);
  if v_paid is null or v_row.region_id <> new.region_id or v_row.institution_id <> new.institution_id
     or v_before + new.fen > v_paid or exists (select from clearing_row where takes_back = new.settlement_id)
     or new.fen <> (select sum(value::bigint) from jsonb_each_text(new.sources)) then
    raise exception 'INV-25 a disallowance never exceeds what its line paid' using errcode = 'TC025';
  end if;
  return new;
end $$;
create trigger belongs before insert on clearing_disallowance for each row execute function clearing_belongs();
create trigger checked before insert on clearing_disallowance
  for each row execute function clearing_disallowance_checked();

create function clearing_withdrawal_checked() returns trigger language plpgsql as $$
begin
  if not exists (select from clearing_disallowance where id = new.disallowance_id
                   and statement_id = new.statement_id)
     or clearing_status(new.statement_id) not in ({_listed(DISALLOWING)})
     or exists (select from clearing_release where disallowance_id = new.disallowance_id) then
    raise exception 'INV-28 what was sent stands still' using errcode = 'TC028';
  end if;
  return new;
end $$;
create trigger belongs before insert on clearing_withdrawal for each row execute function clearing_belongs();
create trigger checked before insert on clearing_withdrawal for each row execute function clearing_withdrawal_checked();

create function clearing_release_checked() returns trigger language plpgsql as $$
begin
  if clearing_status(new.statement_id) <> 'drawn'
     or not exists (select from clearing_disallowance d join clearing_row r on r.takes_back = d.settlement_id
                      where d.id = new.disallowance_id and r.settlement_id = new.settlement_id
                        and r.statement_id = new.statement_id)
     or exists (select from clearing_withdrawal where disallowance_id = new.disallowance_id) then
    raise exception 'INV-25 only what was taken back is released' using errcode = 'TC025';
  end if;
  return new;
end $$;
create trigger belongs before insert on clearing_release for each row execute function clearing_belongs();
create trigger checked before insert on clearing_release for each row execute function clearing_release_checked();
"""

MONEY = """
alter table clearing_order add constraint clearing_order_adds_up check (
  relief_fen - disallowed_fen + released_fen <= paid_fen + offset_fen);

create function clearing_order_checked() returns trigger language plpgsql as $$
begin
  if clearing_status(new.statement_id) <> 'ordered' or exists (
       select from clearing_statement s, clearing_statement this
         where this.id = new.statement_id and s.region_id = this.region_id and s.institution_id = this.institution_id
           and s.month < this.month and not exists (select from clearing_order where statement_id = s.id)) then
    raise exception 'INV-26 statements are ordered in turn, once approved' using errcode = 'TC026';
  end if;
  return new;
end $$;
create trigger belongs before insert on clearing_order for each row execute function clearing_belongs();
create trigger checked before insert on clearing_order for each row execute function clearing_order_checked();

create function clearing_payment_checked() returns trigger language plpgsql as $$
begin
  if clearing_status(new.statement_id) <> 'paid' then
    raise exception 'INV-26 a payment follows its order' using errcode = 'TC026';
  end if;
  return new;
end $$;
create trigger belongs before insert on clearing_payment for each row execute function clearing_belongs();
create trigger checked before insert on clearing_payment for each row execute function clearing_payment_checked();
"""

# Who and when are the database's to say. A report of an institution is also read by the counties that clear with it.
GRANTS = f"""
grant select on clearing_rule, clearing_apart to {ROLE};
revoke insert on clearing_term, clearing_step, clearing_disallowance, clearing_withdrawal, clearing_release from {ROLE};
grant insert (region_id, institution_id, starts_on, pay_within, confirm_within, within_year, basis) on clearing_term
  to {ROLE};
grant insert (statement_id, region_id, institution_id, number, act, status, content, reason, concerns, lapses_on)
  on clearing_step to {ROLE};
grant insert (statement_id, region_id, institution_id, settlement_id, line, fen, sources, reason, clause)
  on clearing_disallowance to {ROLE};
grant insert (statement_id, region_id, institution_id, disallowance_id, reason) on clearing_withdrawal to {ROLE};
grant insert (statement_id, region_id, institution_id, disallowance_id, settlement_id) on clearing_release to {ROLE};
create policy clears on clearing_report for select to {ROLE} using (
  tuodi_desk() in ('county', 'finance') and exists (
    select from clearing_statement s where s.institution_id = clearing_report.institution_id));
"""

UNDO = """
drop policy clears on clearing_report;
drop trigger checked on clearing_payment; drop trigger belongs on clearing_payment;
drop trigger checked on clearing_order; drop trigger belongs on clearing_order;
drop trigger checked on clearing_release; drop trigger belongs on clearing_release;
drop trigger checked on clearing_withdrawal; drop trigger belongs on clearing_withdrawal;
drop trigger checked on clearing_disallowance; drop trigger belongs on clearing_disallowance;
drop trigger checked on clearing_row; drop trigger belongs on clearing_row;
drop trigger checked on clearing_step; drop trigger belongs on clearing_step;
drop function clearing_payment_checked, clearing_order_checked, clearing_release_checked, clearing_withdrawal_checked,
  clearing_disallowance_checked, clearing_row_checked, clearing_step_checked, clearing_belongs, clearing_status,
  clearing_lock;
drop table clearing_apart, clearing_rule;
"""

# The sums of a statement's rows, made once when it is drawn: the rows stand still from then on.
SUMMED = """
select statement_id, min(region_id), min(institution_id), kind, insurance, service, count(*), sum(total_fen),
  sum(in_policy_fen), sum(relief_fen), sum(personal_fen), sum(hospital_fen), (
    select coalesce(jsonb_object_agg(source, fen), '{}') from (
      select key as source, sum(value::bigint) as fen from clearing_row s, jsonb_each_text(s.sources)
      where (s.statement_id, s.kind, s.insurance, s.service) = (r.statement_id, r.kind, r.insurance, r.service)
      group by key) borne)
from clearing_row r
"""
BY = "group by statement_id, kind, insurance, service"
PARTS = (
    "insert into clearing_part (statement_id, region_id, institution_id, kind, insurance, service, rows, total_fen,"
    f" in_policy_fen, relief_fen, personal_fen, hospital_fen, sources) {SUMMED}"
)
PART_CHECKED = f"""
{PARTS} {BY};

create function clearing_part_checked() returns trigger language plpgsql as $$
begin
  if clearing_status(new.statement_id) <> 'drawn' then
    raise exception 'INV-28 what was sent stands still' using errcode = 'TC028';
  end if;
  if new.relief_fen <> coalesce((select sum(value::bigint) from jsonb_each_text(new.sources)), 0) then
    raise exception 'INV-24 the sources bear the relief of statement %', new.statement_id using errcode = 'TC024';
  end if;
  return new;
end $$;
-- Once the sums are made no row comes to them: they are those of the rows, and stay so.
create function clearing_row_unsummed() returns trigger language plpgsql as $$
begin
  if exists (select from clearing_part where statement_id = new.statement_id) then
    raise exception 'INV-24 statement % is drawn with the rows that it has', new.statement_id using errcode = 'TC024';
  end if;
  return new;
end $$;
create trigger unsummed before insert on clearing_row for each row execute function clearing_row_unsummed();
create trigger belongs before insert on clearing_part for each row execute function clearing_belongs();
create trigger checked before insert on clearing_part for each row execute function clearing_part_checked();
create policy once_sent on clearing_part as restrictive for select to {ROLE} using (
  tuodi_desk() <> 'hospital' or exists (
    select from clearing_statement s where s.id = clearing_part.statement_id));
"""
UNDO_PART_CHECKED = """
drop policy once_sent on clearing_part;
drop trigger checked on clearing_part; drop trigger belongs on clearing_part;
drop trigger unsummed on clearing_row;
drop function clearing_part_checked, clearing_row_unsummed;
"""

# A hospital knows of a statement, and of what stands on it, once it was sent.
PREPARED = ("row", "disallowance", "withdrawal", "release")
DRAFTS = f"""
create policy once_sent on clearing_statement as restrictive for select to {ROLE} using (
  tuodi_desk() <> 'hospital' or exists (
    select from clearing_step s where s.statement_id = clearing_statement.id and s.act = 'send'));
""" + "".join(
    f"""
create policy once_sent on clearing_{table} as restrictive for select to {ROLE} using (
  tuodi_desk() <> 'hospital' or exists (
    select from clearing_statement s where s.id = clearing_{table}.statement_id));
"""
    for table in PREPARED
)
UNDO_DRAFTS = " ".join(f"drop policy once_sent on clearing_{table};" for table in ("statement", *PREPARED))
