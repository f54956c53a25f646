"""The fund's functions and triggers, as its migrations write them: what makes a wrong entry impossible in the database.

Entries of different persons never wait for each other: an entry shares a lock on its region with all others, and only
closing takes it alone. What is owed is the sum of its lines; only an entry that lowers it takes the account's lock.
"""

from __future__ import annotations

from tuodi.ledger.account import Kind
from tuodi.ledger.movement import Movement
from tuodi.platform.base.domain import Desk
from tuodi.platform.base.rls import ROLE

OWED = tuple(kind.name for kind in Kind if kind.owed)
DESKS = tuple(desk.name for desk in (Desk.county, Desk.finance, Desk.city, Desk.supervisor, Desk.system))
BY_PARTY = tuple(kind.name for kind in Kind if kind.by_party)


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"'{name}'" for name in names)


def _rules() -> str:
    """INV-23 as rows: which kinds a movement debits and credits, and of each kind its book, side and whether owed."""
    return ",\n".join(
        f"('{movement.name}', '{kind.name}', {str(kind in movement.debits).lower()},"
        f" {str(kind in movement.credits).lower()}, '{kind.nature.book.name}', {str(kind.owed).lower()},"
        f" {kind.nature.side})"
        for movement in Movement
        for kind in Kind
        if kind in movement.debits | movement.credits
    )


# A table of the closed list, so that the check of an entry is one look.
RULES = f"""
create table fund_rule (movement text, kind text, debits boolean not null, credits boolean not null, book text not null,
  owed boolean not null, grows smallint not null, primary key (movement, kind));
insert into fund_rule values
{_rules()};
"""

# A movement that came later: databases that were made before lack its rows.
MORE_RULES = f"""
insert into fund_rule values
{_rules()}
on conflict do nothing;
"""

CONSTRAINTS = f"""
create unique index fund_line_account on fund_line (entry_id, region_id, source, kind, party);
create index fund_line_owed on fund_line (kind, party, region_id, source) include (fen) where kind in ({_listed(OWED)});
alter table fund_line add constraint fund_line_party check ((party <> '') = (kind in ({_listed(BY_PARTY)})));
"""

# The entries' lines come in one statement each, and that statement is checked as a whole.
CHECKED = """
create or replace function fund_checked() returns trigger language plpgsql as $$
declare wrong text;
begin
  -- A settlement's own entry, which `fund_book_relief` writes line against line.
  if current_setting('tuodi.balanced', true) = 'yes' then
    return null;
  end if;
  select string_agg(distinct coalesce(e.cause, 'none'), ', ') into wrong
    from added l left join fund_entry e on e.id = l.entry_id
    left join fund_rule r on r.movement = e.movement and r.kind = l.kind
    where r.kind is null or not case when (l.fen > 0) = (e.reverses is null) then r.debits else r.credits end
       or not l.region_id = any (e.regions);
  if wrong is not null then
    raise exception 'INV-23 an entry touches only the accounts of its movement: %', wrong using errcode = 'TF023';
  end if;
  select string_agg(distinct cause, ', ') into wrong from (
    select e.cause from added l join fund_entry e on e.id = l.entry_id
      join fund_rule r on r.movement = e.movement and r.kind = l.kind
      group by e.cause, l.region_id, l.source, r.book having sum(l.fen) <> 0) as unbalanced;
  if wrong is not null then
    raise exception 'INV-15 an entry balances in every fund: %', wrong using errcode = 'TF015';
  end if;
  select string_agg(distinct cause, ', ') into wrong from (
    select e.cause from added l join fund_entry e on e.id = l.entry_id group by e.cause, e.id, e.lines, e.movement
      having count(*) <> e.lines or max(l.number) <> e.lines
        or e.movement <> 'carry_over' and coalesce(sum(l.fen) filter (where l.kind = 'transfer'), 0) <> 0) as broken;
  if wrong is not null then
    raise exception 'INV-16 an entry is whole, and transfers arrive: %', wrong using errcode = 'TF016';
  end if;
  return null;
end $$;
"""
CHECKED_BY = """
create trigger checked after insert on fund_line referencing new table as added
  for each statement execute function fund_checked();
"""

# INV-19: who books shares the region's lock, who closes takes it alone.
MONTHS = """
create function fund_open_since(p_region text) returns date language sql stable parallel safe
  return (select (max(month) + interval '1 month')::date from fund_closing where region_id = p_region);

create function fund_hold_open(p_regions text[]) returns void language plpgsql as $$
declare r text;
begin
  for r in select distinct unnest(p_regions) order by 1 loop
    perform pg_advisory_xact_lock_shared(4101, hashtext(r));
  end loop;
end $$;

-- The day itself, or the first day on which the regions are open; within the transaction it stays so.
create function fund_booking_day(p_day date, p_regions text[]) returns date language plpgsql as $$
begin
  perform fund_hold_open(p_regions);
  return (select max(day) from (
    select p_day union all select (max(month) + interval '1 month')::date from fund_closing
      where region_id = any (p_regions)) as days(day));
end $$;

create function fund_close(p_region text, p_month date, p_closed_on date) returns boolean
  language plpgsql security definer set search_path = public, pg_temp as $$
declare v_last date;
begin
  if not (tuodi_owns(p_region) and tuodi_desk() in ('county', 'finance', 'city', 'system')) then
    raise exception 'the scope books nothing for %', p_region using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(4101, hashtext(p_region));
  if exists (select from fund_closing where region_id = p_region and month = p_month and closed_on = p_closed_on) then
    return false;
  end if;
  select max(month) into v_last from fund_closing where region_id = p_region;
  if p_closed_on < (p_month + interval '1 month')::date or p_month <> (v_last + interval '1 month')::date then
    raise exception 'INV-19 months close in order, once they are over' using errcode = 'TF019';
  end if;
  insert into fund_closing (region_id, month, closed_on) values (p_region, p_month, p_closed_on);
  return true;
end $$;

-- Held for whoever inserts past the functions, too.
create function fund_entry_open() returns trigger language plpgsql as $$
begin
  if exists (select from fund_closing where region_id = any (new.regions)
               and month >= date_trunc('month', new.booked_on)::date) then
    raise exception 'INV-19 a closed month takes no entry: %', new.cause using errcode = 'TF019';
  end if;
  return new;
end $$;
create trigger open before insert on fund_entry for each row execute function fund_entry_open();
"""

# INV-17, INV-18, INV-20. Returns false where the very same entry stands there already.
BOOK = """
create or replace function fund_same(p_cause text, p_movement text, p_booked date, p_happened date, p_known date,
  p_reason text, p_reverses text, p_regions text[], p_sources text[], p_kinds text[], p_parties text[], p_fen bigint[])
  returns boolean language sql stable
  return exists (
    select from fund_entry e where e.cause = p_cause and e.movement = p_movement and e.booked_on = p_booked
      and e.happened_on = p_happened and e.known_on = p_known and e.reason = p_reason
      and e.reverses is not distinct from p_reverses and e.lines = cardinality(p_fen)
      and not exists (select region_id, source, kind, party, fen from fund_line where entry_id = e.id
        except select * from unnest(p_regions, p_sources, p_kinds, p_parties, p_fen)));

create or replace function fund_reversal_checked(p_movement text, p_happened date, p_reverses text, p_regions text[],
  p_sources text[], p_kinds text[], p_parties text[], p_fen bigint[]) returns void language plpgsql as $$
declare original fund_entry;
begin
  select * into original from fund_entry where cause = p_reverses;
  if original.id is null or original.reverses is not null or original.movement <> p_movement
     or original.happened_on <> p_happened or original.lines <> cardinality(p_fen)
     or exists (select from fund_entry where reverses = p_reverses)
     or exists (select region_id, source, kind, party, -fen from fund_line where entry_id = original.id
                except select * from unnest(p_regions, p_sources, p_kinds, p_parties, p_fen)) then
    raise exception 'INV-18 a reversal mirrors its entry: %', p_reverses using errcode = 'TF018';
  end if;
end $$;

-- Raising what is owed needs no lock; lowering it takes the account's, and counts what is committed by then.
create or replace function fund_owed_checked(p_movement text, p_regions text[], p_sources text[], p_kinds text[],
  p_parties text[], p_fen bigint[]) returns void language plpgsql as $$
declare l record; v_owed bigint;
begin
  for l in select t.*, r.grows from unnest(p_regions, p_sources, p_kinds, p_parties, p_fen)
             as t(region, source, kind, party, fen)
             join fund_rule r on r.movement = p_movement and r.kind = t.kind
             where r.owed and t.fen * r.grows < 0 order by 1, 2, 3, 4 loop
    perform pg_advisory_xact_lock(4102, hashtext(concat_ws(' ', l.region, l.source, l.kind, l.party)));
    select coalesce(sum(fen), 0) * l.grows into v_owed from fund_line
      where kind = l.kind and party = l.party and region_id = l.region and source = l.source;
    if v_owed + l.fen * l.grows < 0 then
      raise exception 'INV-20 nobody is owed less than nothing: % % % %', l.region, l.source, l.kind, l.party
        using errcode = 'TF020';
    end if;
  end loop;
end $$;

create or replace function fund_book(p_cause text, p_movement text, p_booked date, p_happened date, p_known date,
  p_reason text, p_reverses text, p_regions text[], p_sources text[], p_kinds text[], p_parties text[], p_fen bigint[])
  returns boolean language plpgsql as $$
declare v_id bigint;
begin
  perform fund_hold_open(p_regions);
  -- Who comes second with a cause, or with a reversal of the same entry, sees what the first has done.
  perform pg_advisory_xact_lock(4106, hashtext(cause)) from unnest(array[p_cause, p_reverses]) as cause
    where cause is not null;
  if exists (select from fund_entry where cause = p_cause) then
    if fund_same(p_cause, p_movement, p_booked, p_happened, p_known, p_reason, p_reverses, p_regions, p_sources,
                 p_kinds, p_parties, p_fen) then
      return false;
    end if;
    raise exception 'INV-17 a cause is booked once: %', p_cause using errcode = 'TF017';
  end if;
  if p_reverses is not null then
    perform fund_reversal_checked(p_movement, p_happened, p_reverses, p_regions, p_sources, p_kinds, p_parties, p_fen);
  end if;
  perform fund_owed_checked(p_movement, p_regions, p_sources, p_kinds, p_parties, p_fen);
  -- The order of posting is drawn behind the locks: a closing, or a lowering, stands behind all that it saw.
  v_id := nextval('fund_order');
  insert into fund_entry (id, cause, movement, region_id, regions, booked_on, happened_on, known_on, reason, reverses,
                          lines)
    values (v_id, p_cause, p_movement, p_regions[1],
            (select array_agg(distinct region order by region) from unnest(p_regions) as region),
            p_booked, p_happened, p_known, p_reason, p_reverses, cardinality(p_fen));
  insert into fund_line (entry_id, number, region_id, source, kind, party, fen)
    select v_id, number, region, source, kind, party, fen
      from unnest(p_regions, p_sources, p_kinds, p_parties, p_fen) with ordinality
        as t(region, source, kind, party, fen, number);
  return true;
end $$;

-- What one may book in another's fund: that a transfer arrives there. So money is moved by who gives it away.
create or replace function fund_receives(p_movement text, p_kind text, p_fen bigint) returns boolean
  language sql immutable parallel safe
  return p_movement = 'transfer' and (p_kind = 'bank' and p_fen > 0 or p_kind = 'transfer' and p_fen < 0);

create or replace function fund_post(p_cause text, p_movement text, p_booked date, p_happened date, p_known date,
  p_reason text, p_reverses text, p_regions text[], p_sources text[], p_kinds text[], p_parties text[], p_fen bigint[])
  returns boolean language plpgsql security definer set search_path = public, pg_temp as $$
begin
  if tuodi_desk() not in ('county', 'finance', 'city', 'system')
     or not exists (select from unnest(p_regions) as region where tuodi_owns(region))
     or exists (select from unnest(p_regions, p_kinds, p_fen) as l(region, kind, fen)
                where not tuodi_owns(region) and not fund_receives(p_movement, kind, fen))
     or exists (select from unnest(p_regions) as region
                where not starts_with(tuodi_path(region), tuodi_scope())
                  and not starts_with(tuodi_scope(), tuodi_path(region))) then
    raise exception 'the scope books nothing for %', p_regions using errcode = 'insufficient_privilege';
  end if;
  return fund_book(p_cause, p_movement, p_booked, p_happened, p_known, p_reason, p_reverses, p_regions, p_sources,
                   p_kinds, p_parties, p_fen);
end $$;
"""

# The settlement's own entry: balanced as it is written, and it only raises what is owed, so it waits for nobody.
RELIEF = """
create or replace function fund_book_relief(p_cause text, p_region text, p_party text, p_happened date, p_known date,
  p_reason text, p_sources text[], p_fen bigint[], p_movement text, p_payable text)
  returns void language plpgsql as $$
declare v_id bigint; v_day date; v_count int := cardinality(p_fen); n int;
begin
  perform pg_advisory_xact_lock_shared(4101, hashtext(p_region));
  select greatest(p_known, (max(month) + interval '1 month')::date) into v_day from fund_closing
    where region_id = p_region;
  v_id := nextval('fund_order');
  insert into fund_entry (id, cause, movement, region_id, regions, booked_on, happened_on, known_on, reason, lines)
    values (v_id, p_cause, p_movement, p_region, array[p_region], v_day, p_happened, p_known, p_reason, 2 * v_count);
  perform set_config('tuodi.balanced', 'yes', true);
  for n in 1 .. v_count loop
    insert into fund_line (entry_id, number, region_id, source, kind, party, fen)
      values (v_id, 2 * n - 1, p_region, p_sources[n], 'relief', '', p_fen[n]),
             (v_id, 2 * n, p_region, p_sources[n], p_payable, p_party, -p_fen[n]);
  end loop;
  perform set_config('tuodi.balanced', '', true);
end $$;
"""

GRANTS = f"""
revoke insert on fund_entry, fund_line, fund_closing from {ROLE};
grant select on fund_rule to {ROLE};
drop policy sees on fund_entry;
create policy sees on fund_entry for select to {ROLE} using (
  tuodi_desk() in ({_listed(DESKS)})
  and exists (select from unnest(regions) as region where tuodi_within(region)));
drop policy adds on fund_entry; drop policy adds on fund_line; drop policy adds on fund_closing;
revoke execute on function fund_book, fund_book_relief, fund_post, fund_close from public;
grant execute on function fund_post, fund_close to {ROLE};
"""

FUNCTIONS = (
    "fund_book_relief, fund_post, fund_receives, fund_book, fund_owed_checked, fund_reversal_checked, fund_same,"
    " fund_close, fund_booking_day, fund_hold_open, fund_open_since"
)
REVERSES = """
alter table fund_entry add constraint fund_entry_reverses foreign key (reverses) references fund_entry (cause);
"""

UNDO = f"""
drop trigger open on fund_entry; drop trigger checked on fund_line;
drop function {FUNCTIONS}, fund_entry_open, fund_checked;
drop table fund_rule;
"""

# What finance books by hand: prepared by one, booked by another.
VOUCHERS = f"""
-- All lines of an entry that the scope sees, also those in another region's books: a transfer is one entry.
create function fund_whole(p_cause text) returns table (region_id text, source text, kind text, party text, fen bigint)
  language sql stable security definer set search_path = public, pg_temp as $$
  select l.region_id, l.source, l.kind, l.party, l.fen from fund_entry e join fund_line l on l.entry_id = e.id
    where e.cause = p_cause and tuodi_desk() in ({_listed(DESKS)})
      and exists (select from unnest(e.regions) as region where tuodi_within(region))
    order by l.number
$$;
revoke execute on function fund_whole from public;
grant execute on function fund_whole to {ROLE};

create function fund_voucher_checked() returns trigger language plpgsql as $$
begin
  if tuodi_desk() = 'city' and new.movement <> 'transfer' then
    raise exception 'a city hands money over, and books nothing else by hand' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(4107, hashtext(new.region_id));
  if exists (select from fund_voucher v where v.region_id = new.region_id and v.movement = new.movement
               and v.document = new.document and v.reverses is not distinct from new.reverses
               and not exists (select from fund_decision d where d.voucher_id = v.id and d.decision = 'refused')) then
    raise exception 'INV-48 a document is booked once: %', new.document using errcode = 'TF048';
  end if;
  return new;
end $$;
create trigger checked before insert on fund_voucher for each row execute function fund_voucher_checked();

create function fund_decision_checked() returns trigger language plpgsql as $$
declare v fund_voucher; v_cause text := 'voucher:' || new.voucher_id;
begin
  select * into v from fund_voucher where id = new.voucher_id;
  new.region_id := v.region_id;
  if v.id is null or tuodi_staff() is null or v.staff_id is not distinct from tuodi_staff() then
    raise exception 'INV-48 nobody books what they prepared' using errcode = 'TF048';
  end if;
  if (new.decision = 'booked') <> exists (
       select from fund_entry e where e.cause = v_cause and e.movement = v.movement
         and e.happened_on = v.happened_on and e.reverses is not distinct from v.reverses
         and e.lines = jsonb_array_length(v.lines)
         and not exists (
           select region_id, source, kind, party, fen from fund_line where entry_id = e.id
           except select l ->> 'region', l ->> 'source', l ->> 'kind', l ->> 'party', (l ->> 'fen')::bigint
             from jsonb_array_elements(v.lines) as l)) then
    raise exception 'INV-48 a voucher is booked as it was prepared: %', v_cause using errcode = 'TF048';
  end if;
  return new;
end $$;
create trigger checked before insert on fund_decision for each row execute function fund_decision_checked();
"""
# A document whose entry was taken back stands in no books: it is booked again as it should have been.
VOUCHER_AGAIN = """
create or replace function fund_voucher_checked() returns trigger language plpgsql as $$
begin
  if tuodi_desk() = 'city' and new.movement <> 'transfer' then
    raise exception 'a city hands money over, and books nothing else by hand' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(4107, hashtext(new.region_id));
  if exists (select from fund_voucher v where v.region_id = new.region_id and v.movement = new.movement
               and v.document = new.document and v.reverses is not distinct from new.reverses
               and not exists (select from fund_decision d where d.voucher_id = v.id and d.decision = 'refused')
               and not exists (select from fund_entry e where e.reverses = 'voucher:' || v.id)) then
    raise exception 'INV-48 a document is booked once: %', new.document using errcode = 'TF048';
  end if;
  return new;
end $$;
"""
VOUCHER_GRANTS = f"""
revoke insert on fund_voucher, fund_decision from {ROLE};
grant insert (region_id, deed, movement, lines, happened_on, document, reason, reverses) on fund_voucher to {ROLE};
grant insert (voucher_id, region_id, decision, reason) on fund_decision to {ROLE};
"""
UNDO_VOUCHERS = """
drop trigger checked on fund_decision; drop trigger checked on fund_voucher;
drop function fund_decision_checked, fund_voucher_checked, fund_whole;
"""
