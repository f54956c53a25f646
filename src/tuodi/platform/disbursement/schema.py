"""The room's triggers, as its migration writes them: what makes a wrong order or payment impossible in the database.

Drawing in one region goes one after the other, under one lock; so does whatever concerns one order.
"""

from __future__ import annotations

from collections.abc import Iterable

from tuodi.platform.base.rls import ROLE
from tuodi.platform.disbursement.domain import NOT_AFTER, OPEN, Act


def _rules() -> str:
    """Each act from each status that it follows, with the desks whose it is; from no status at all: ''."""
    return ",\n".join(
        f"('{act.name}', '{needs}', '{act.gives.name}', array[{_quoted(desk.name for desk in act.desks)}])"
        for act in Act
        for needs in ([status.name for status in act.needs] or [""])
    )


def _apart() -> str:
    return ", ".join(
        f"('{act.name}', '{other.name}')" for act, others in NOT_AFTER.items() for other in Act if other in others
    )


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)


RULES = f"""
create table disbursement_rule (act text, needs text, gives text not null, desks text[] not null,
  primary key (act, needs));
insert into disbursement_rule values
{_rules()};
create table disbursement_apart (act text, other text, primary key (act, other));
insert into disbursement_apart values {_apart()};
"""

SHARED = """
create function disbursement_lock(p_region text) returns void language plpgsql as $$
begin
  perform pg_advisory_xact_lock(4501, hashtext(p_region));
end $$;

create function disbursement_status(p_order bigint) returns text language sql stable
  return coalesce((select status from disbursement_step where order_id = p_order order by number desc limit 1), '');

-- What a claim comes to for one source: owed to the person less what they have to give back.
create function disbursement_net(p_region text, p_claim text, p_source text) returns bigint language sql stable
  return (select coalesce(-sum(fen), 0)::bigint from fund_line where kind in ('payable_person', 'refund_due')
            and party = p_claim and region_id = p_region and source = p_source);

create function disbursement_sum(p_sources jsonb) returns bigint language sql immutable
  return (select coalesce(sum(value::bigint), 0)::bigint from jsonb_each_text(p_sources));

-- The region is the order's, whoever writes the row, and what concerns it goes in turn.
create function disbursement_belongs() returns trigger language plpgsql as $$
begin
  select region_id into new.region_id from disbursement_order where id = new.order_id;
  if not found then
    raise exception 'no order %', new.order_id using errcode = 'foreign_key_violation';
  end if;
  perform disbursement_lock(new.region_id);
  return new;
end $$;
"""

ITEM = f"""
create function disbursement_item_checked() returns trigger language plpgsql as $$
declare v_claim text := 'settlement:' || new.settlement_id;
begin
  if disbursement_status(new.order_id) <> '' then
    raise exception 'INV-46 an order stands still once it is drawn' using errcode = 'TP046';
  end if;
  if exists (select from disbursement_item i where i.settlement_id = new.settlement_id
               and disbursement_status(i.order_id) in ({_quoted(status.name for status in OPEN)})) then
    raise exception 'INV-46 a claim is on one open order: %', v_claim using errcode = 'TP046';
  end if;
  if new.fen <> disbursement_sum(new.sources) or exists (
       select from jsonb_each_text(new.sources) as each(source, fen)
         where each.fen::bigint <= 0
            or each.fen::bigint > disbursement_net(new.region_id, v_claim, each.source)) then
    raise exception 'INV-46 no more is ordered than is owed: %', v_claim using errcode = 'TP046';
  end if;
  if not exists (select from disbursement_account a join settlement_settlement s on s.person_id = a.person_id
                   where a.id = new.account_id and s.id = new.settlement_id and s.origin = s.id
                     and a.region_id = new.region_id) then
    raise exception 'INV-46 the account is that of the claim''s person: %', v_claim using errcode = 'TP046';
  end if;
  return new;
end $$;
create trigger belongs before insert on disbursement_item for each row execute function disbursement_belongs();
create trigger checked before insert on disbursement_item for each row execute function disbursement_item_checked();
"""

STEP = """
create function disbursement_step_checked() returns trigger language plpgsql as $$
declare v_status text := disbursement_status(new.order_id);
begin
  if not exists (select from disbursement_rule where act = new.act and needs = v_status and gives = new.status
                   and (tuodi_desk() = any (desks) or tuodi_desk() = 'system')) then
    raise exception 'an order that is % takes no % from %', v_status, new.act, tuodi_desk() using errcode = 'TP001';
  end if;
  if exists (select from disbursement_apart where act = new.act) and (
       tuodi_staff() is null
       or exists (select from disbursement_apart a join disbursement_step s on s.act = a.other
                    where a.act = new.act and s.order_id = new.order_id and s.staff_id = tuodi_staff())) then
    raise exception 'INV-47 nobody approves what they ordered' using errcode = 'TP047';
  end if;
  if new.act = 'draw' and not exists (select from disbursement_order o where o.id = new.order_id
       and (o.items, o.fen) = (select count(*), sum(fen) from disbursement_item where order_id = o.id)) then
    raise exception 'INV-46 an order is the sum of its items' using errcode = 'TP046';
  end if;
  new.number := 1 + (select count(*) from disbursement_step where order_id = new.order_id);
  return new;
end $$;
create trigger belongs before insert on disbursement_step for each row execute function disbursement_belongs();
create trigger checked before insert on disbursement_step for each row execute function disbursement_step_checked();
"""

MONEY = """
create function disbursement_payment_checked() returns trigger language plpgsql as $$
begin
  if disbursement_status(new.order_id) <> 'paid' then
    raise exception 'INV-46 a payment follows its order' using errcode = 'TP046';
  end if;
  return new;
end $$;
create trigger belongs before insert on disbursement_payment for each row execute function disbursement_belongs();
create trigger checked before insert on disbursement_payment
  for each row execute function disbursement_payment_checked();

create function disbursement_paid_checked() returns trigger language plpgsql as $$
declare v_item disbursement_item; v_cause text;
begin
  select * into v_item from disbursement_item where id = new.item_id and order_id = new.order_id;
  v_cause := 'disbursement:' || v_item.order_id || ':' || v_item.number;
  if v_item.id is null or not exists (select from disbursement_payment where order_id = new.order_id)
     or new.fen <> disbursement_sum(new.sources)
     or exists (select from jsonb_each_text(new.sources) as each(source, fen)
                  where each.fen::bigint > coalesce((v_item.sources ->> each.source)::bigint, 0))
     or exists (select each.source, each.fen::bigint from jsonb_each_text(new.sources) as each(source, fen)
                except select l.source, l.fen from fund_line l join fund_entry e on e.id = l.entry_id
                  where e.cause = v_cause and l.kind = 'payable_person'
                    and l.party = 'settlement:' || v_item.settlement_id) then
    raise exception 'INV-46 an item is paid as booked, and at most as ordered: %', v_cause using errcode = 'TP046';
  end if;
  return new;
end $$;
create trigger belongs before insert on disbursement_paid for each row execute function disbursement_belongs();
create trigger checked before insert on disbursement_paid for each row execute function disbursement_paid_checked();

create function disbursement_return_checked() returns trigger language plpgsql as $$
declare v_cause text;
begin
  select 'disbursement:' || i.order_id || ':' || i.number into v_cause
    from disbursement_item i where i.id = new.paid_id and i.order_id = new.order_id;
  if v_cause is null or not exists (select from fund_entry where reverses = v_cause) then
    raise exception 'INV-46 what is returned is reversed in the books: %', v_cause using errcode = 'TP046';
  end if;
  return new;
end $$;
create trigger belongs before insert on disbursement_return for each row execute function disbursement_belongs();
create trigger checked before insert on disbursement_return for each row execute function disbursement_return_checked();
"""

# Who and when are the database's to say.
GRANTS = f"""
grant select on disbursement_rule, disbursement_apart to {ROLE};
revoke insert on disbursement_account, disbursement_step, disbursement_return from {ROLE};
grant insert (person_id, region_id, holder_sealed, number_sealed, bank, basis) on disbursement_account to {ROLE};
grant insert (order_id, region_id, number, act, status, content, reason) on disbursement_step to {ROLE};
grant insert (paid_id, order_id, region_id, returned_on, reference, reason) on disbursement_return to {ROLE};
"""

UNDO = """
drop trigger checked on disbursement_return; drop trigger belongs on disbursement_return;
drop trigger checked on disbursement_paid; drop trigger belongs on disbursement_paid;
drop trigger checked on disbursement_payment; drop trigger belongs on disbursement_payment;
drop trigger checked on disbursement_step; drop trigger belongs on disbursement_step;
drop trigger checked on disbursement_item; drop trigger belongs on disbursement_item;
drop function disbursement_return_checked, disbursement_paid_checked, disbursement_payment_checked,
  disbursement_step_checked, disbursement_item_checked, disbursement_belongs, disbursement_sum, disbursement_net,
  disbursement_status, disbursement_lock;
drop table disbursement_apart, disbursement_rule;
"""
