"""The settlement's functions, as its migrations write them: one that looks, one that commits.

Each is a transaction of its own on the hot path. `settlement_look` reads all that settling needs; then the engine
settles in the program; `settlement_commit` writes all, if the account is still as it was read, or nothing.
"""

from __future__ import annotations

from tuodi.platform.base.rls import ROLE

# Rows of 2-4 kB stay in one piece: compressing each of them would cost more than all the rest.
STORAGE = """
alter table settlement_settlement set (toast_tuple_target = 8160);
alter table settlement_account set (fillfactor = 60);
alter table settlement_settlement
  add constraint settlement_origin check ((kind = 'settled') = (replaces_id is null)),
  add constraint settlement_of_itself check (kind <> 'settled' or origin = id);
"""

POLICY = """
-- Of the nearest region that has any: 371502, then 371500, then 370000. Of its rows the latest, as known now.
create function settlement_policy_on(p_region text, p_day date) returns bigint language sql stable
  return (select id from settlement_policy
    where region_id in (p_region, rpad(left(p_region, 4), 6, '0'), rpad(left(p_region, 2), 6, '0'))
      and starts_on <= p_day
    order by region_id desc, starts_on desc, id desc limit 1);
"""

ADOPTED = """
-- What was adopted is everybody's to read.
create function settlement_adopted(p_policy bigint)
  returns table (id bigint, files jsonb, plan_files jsonb, parameters jsonb, otherwise jsonb)
  language sql stable security definer set search_path = public, pg_temp as $$
  select p.id, d.files, n.files, p.parameters, p.otherwise from settlement_policy p
    join settlement_document d on d.hash = p.document_id left join settlement_document n on n.hash = p.plan_id
    where p.id = p_policy
$$;
"""

LOOKED = """
create function settlement_enter(p_scope text, p_desk text, p_institution text, p_staff text) returns void
  language plpgsql as $$
begin
  perform set_config('tuodi.scope', p_scope, true), set_config('tuodi.desk', p_desk, true),
          set_config('tuodi.institution', p_institution, true), set_config('tuodi.staff', p_staff, true);
end $$;

create type settlement_looked as (
  earlier jsonb, region text, who jsonb, version bigint, state jsonb, policy bigint,
  level int, psychiatric boolean, single_disease boolean, county boolean, in_region boolean, designated boolean);
"""

LOOK = """
create or replace function settlement_look(p_scope text, p_desk text, p_own text, p_staff text, p_sender text,
  p_key text, p_person bigint, p_institution text, p_day date) returns settlement_looked
  language plpgsql security definer set search_path = public, pg_temp as $$
declare v settlement_looked;
begin
  perform settlement_enter(p_scope, p_desk, p_own, p_staff);
  if p_desk not in ('hospital', 'county', 'system') or p_desk = 'hospital' and p_institution <> p_own then
    raise exception 'the scope settles nothing for %', p_institution using errcode = 'insufficient_privilege';
  end if;
  select jsonb_build_object('id', id, 'content', content_hash, 'person', person_id, 'region', region_id,
           'now', (select kind from settlement_settlement l where l.person_id = s.person_id and l.origin = s.origin
                   order by l.id desc limit 1),
           'policy', policy_id, 'relief', relief_fen, 'personal', personal_fen, 'hospital', hospital_fen,
           'event', event ->> 'id', 'lines', lines, 'refusal', refusal, 'extras', extras)
    into v.earlier from settlement_settlement s
    where sender = p_sender and sender_key = p_key and kind in ('settled', 'corrected');
  select region_id into v.region from registry_person where id = p_person;
  if p_desk = 'county' and not tuodi_owns(v.region) then
    v.region := null;
  end if;
  v.who := registry_case_person(p_person, p_day);
  select version, state into v.version, v.state from settlement_account where person_id = p_person;
  v.policy := settlement_policy_on(v.region, p_day);
  select i.level, i.psychiatric, i.single_disease, i.region_id = v.region, left(i.region_id, 4) = left(v.region, 4),
         exists (select from base_agreement a where a.institution_id = i.code and a.starts_on <= p_day
                   and (a.ends_on is null or p_day < a.ends_on))
    into v.level, v.psychiatric, v.single_disease, v.county, v.in_region, v.designated
    from base_institution i where i.code = p_institution;
  return v;
end $$;
"""

# Null: the account, what is known of the person, or the policy has moved on since it was read; read and settle again.
# Who adopts a policy waits for bills that are being committed, and those that come meanwhile for them.
COMMIT = """
create or replace function settlement_commit(p_scope text, p_desk text, p_own text, p_staff text, p_person bigint,
  p_version bigint, p_region text, p_institution text, p_sender text, p_key text, p_content text, p_service text,
  p_happened date, p_known date, p_total bigint, p_in_policy bigint, p_relief bigint, p_personal bigint,
  p_hospital bigint, p_lines jsonb, p_refusal jsonb, p_extras jsonb, p_event jsonb, p_who jsonb, p_policy bigint,
  p_engine text, p_opening_hash text, p_chain text, p_before jsonb, p_after jsonb, p_sources text[], p_fen bigint[],
  p_payee text, p_reason text) returns bigint
  language plpgsql security definer set search_path = public, pg_temp as $$
declare v_id bigint; v_subject text;
begin
  perform settlement_enter(p_scope, p_desk, p_own, p_staff);
  if p_desk = 'hospital' and (p_institution <> p_own or p_sender <> p_own or p_payee <> 'institution')
     or p_desk = 'county' and not (tuodi_owns(p_region) and p_payee = 'person')
     or p_desk not in ('hospital', 'county', 'system') then
    raise exception 'the scope settles nothing for %', p_institution using errcode = 'insufficient_privilege';
  end if;
  if (p_event ->> 'id', (p_event ->> 'date')::date, p_event ->> 'service',
      (p_event #>> '{amounts,total}')::numeric * 100)
     is distinct from (p_sender || '/' || p_key, p_happened, p_service, p_total::numeric) then
    raise exception 'INV-44 a settlement is that of its event: %/%', p_sender, p_key
      using errcode = 'integrity_constraint_violation';
  end if;
  perform pg_advisory_xact_lock_shared(4111, 0);
  if p_policy is distinct from settlement_policy_on(p_region, p_happened) then
    return null;
  end if;
  -- The first bill has no version to stand on: it is settled on the person as known, or read again.
  if p_version = 0 then
    if p_who is distinct from registry_case_person(p_person, p_happened) then
      return null;
    end if;
    insert into settlement_account (person_id, region_id, version, state) values (p_person, p_region, 1, p_after)
      on conflict do nothing;
  else
    update settlement_account set version = version + 1, state = p_after, region_id = p_region
      where person_id = p_person and version = p_version;
  end if;
  if not found then
    return null;
  end if;
  v_id := nextval('settlement_settlement_id_seq');
  v_subject := 'settlement:' || v_id;
  insert into settlement_settlement (id, origin, kind, region_id, institution_id, person_id, payee, sender, sender_key,
      content_hash, service, happened_on, known_on, total_fen, in_policy_fen, relief_fen, personal_fen, hospital_fen,
      lines, refusal, extras, event, person, policy_id, engine, opening_hash, chain, state_before, state_after, reason)
    values (v_id, v_id, 'settled', p_region, p_institution, p_person, p_payee, p_sender, p_key, p_content, p_service,
      p_happened, p_known, p_total, p_in_policy, p_relief, p_personal, p_hospital, p_lines, p_refusal, p_extras,
      p_event, p_who, p_policy, p_engine, p_opening_hash, p_chain, p_before, p_after, p_reason);
  if p_relief > 0 then
    perform fund_book_relief(v_subject, p_region, case p_payee when 'person' then v_subject else p_institution end,
      p_happened, p_known, p_reason, p_sources, p_fen,
      case p_payee when 'person' then 'relief_to_person' else 'relief_by_institution' end,
      case p_payee when 'person' then 'payable_person' else 'payable_institution' end);
  end if;
  insert into base_audit (staff_id, desk, institution_id, region_id, act, subject, reason)
    values (nullif(p_staff, '')::bigint, p_desk, p_own, p_region, 'settlement.settle', v_subject, p_reason);
  return v_id;
end $$;
"""

GRANTS = f"""
revoke insert on settlement_account, settlement_settlement from {ROLE};
revoke execute on function settlement_look, settlement_commit from public;
grant execute on function settlement_look, settlement_commit to {ROLE};
"""

# A history is settled again under the system's own scope, after the scope that asked was found to have the right to.
REVISIONS = f"""
grant insert on settlement_settlement to {ROLE};
grant insert, update (version, state, opening, region_id) on settlement_account to {ROLE};
create policy changes on settlement_account for update to {ROLE} using (tuodi_desk() = 'system');
"""

# Whoever writes that what was known of a past day has changed leaves with it the errand to look at what it means.
REVIEWS = """
create function settlement_review_later() returns trigger language plpgsql as $$ begin
  insert into base_outbox (topic, key) select 'settlement.review', 'change:' || id from added order by id;
  return null;
end $$;
create trigger reviewed_later after insert on registry_change referencing new table as added
  for each statement execute function settlement_review_later();
-- Those before, and what nobody ever read.
insert into base_outbox (topic, key)
  select 'settlement.review', 'change:' || id from registry_change c
  where not exists (select from settlement_review r where r.change_id = c.id) order by id;
update base_outbox set done_at = clock_timestamp()
  where done_at is null and topic in ('settlement.settled', 'settlement.revised');
"""
UNDO_REVIEWS = """
drop trigger reviewed_later on registry_change;
drop function settlement_review_later();
"""

# What an insurer runs is the relief by catalogue: it sees the bills that have items, and the counts of who has some.
INSURERS = f"""
drop policy sees on settlement_settlement;
create policy sees on settlement_settlement for select to {ROLE} using (
  tuodi_desk() in ('county', 'finance', 'city', 'supervisor', 'system') and tuodi_within(region_id)
  or tuodi_desk() = 'insurer' and tuodi_within(region_id) and event ? 'items'
  or tuodi_desk() = 'hospital' and institution_id = tuodi_institution());
drop policy sees on settlement_account;
create policy sees on settlement_account for select to {ROLE} using (
  tuodi_desk() in ('county', 'finance', 'city', 'supervisor', 'system') and tuodi_within(region_id)
  or tuodi_desk() = 'insurer' and tuodi_within(region_id)
    and exists (select from settlement_settlement s where s.person_id = settlement_account.person_id));
"""

# A proposal is seen by every county whose bills it changes, and approved once each of them has consented.
CONSENTS = f"""
drop policy sees on settlement_proposal;
create policy sees on settlement_proposal for select to {ROLE} using (
  tuodi_desk() in ('county', 'finance', 'city', 'supervisor', 'system')
    and exists (select from unnest(regions) r (code) where tuodi_within(r.code))
  or tuodi_desk() = 'hospital' and institution_id = tuodi_institution());
drop policy sees on settlement_decision;
create policy sees on settlement_decision for select to {ROLE} using (
  exists (select from settlement_proposal p where p.id = proposal_id));
drop policy sees on settlement_consent;
create policy sees on settlement_consent for select to {ROLE} using (
  exists (select from settlement_proposal p where p.id = proposal_id));
drop policy adds on settlement_consent;
create policy adds on settlement_consent for insert to {ROLE} with check (
  tuodi_desk() in ('county', 'system') and tuodi_owns(region_id) and staff_id is not distinct from tuodi_staff());

create function settlement_consent_is_anothers() returns trigger language plpgsql as $$ begin
  if exists (select from settlement_proposal p where p.id = new.proposal_id
             and (p.staff_id = new.staff_id or not new.region_id = any (p.regions))) then
    raise exception 'INV-45 a change is consented to by another hand of each county that it concerns: proposal %',
      new.proposal_id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger anothers before insert on settlement_consent
  for each row execute function settlement_consent_is_anothers();
create function settlement_decision_is_everybodys() returns trigger language plpgsql as $$ begin
  if new.decision = 'approved' and exists (
      select from settlement_proposal p, unnest(p.regions) r (code) where p.id = new.proposal_id and not exists (
        select from settlement_consent c where c.proposal_id = p.id and c.region_id = r.code)) then
    raise exception 'INV-45 a change is approved by every county that it concerns: proposal %', new.proposal_id
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger everybodys before insert on settlement_decision
  for each row execute function settlement_decision_is_everybodys();
"""
UNDO_CONSENTS = """
drop trigger everybodys on settlement_decision;
drop trigger anothers on settlement_consent;
drop function settlement_decision_is_everybodys(), settlement_consent_is_anothers();
"""
# Who wrote what is known late has a hand in what comes of it. `until`: by when they had written it.
CAUSES = f"""
create function settlement_gave_cause(p_proposal bigint, p_staff bigint, p_until timestamptz default 'infinity')
  returns boolean language sql stable security definer set search_path = public, pg_temp as $$
  select exists (
    select from settlement_proposal p join registry_change c on c.person_id = p.person_id
    where p.id = p_proposal and p.act = 'resettle' and c.staff_id = p_staff and c.at <= p_until
      and c.at > (select min(s.known_at) from jsonb_array_elements(p.differences) d
                    join settlement_settlement s on s.id = (d ->> 'settlement')::bigint))
$$;
revoke execute on function settlement_gave_cause from public;
grant execute on function settlement_gave_cause to {ROLE};

create or replace function settlement_consent_is_anothers() returns trigger language plpgsql as $$ begin
  if settlement_gave_cause(new.proposal_id, new.staff_id)
     or exists (select from settlement_proposal p where p.id = new.proposal_id
                and (p.staff_id = new.staff_id or not new.region_id = any (p.regions))) then
    raise exception 'INV-45 a change is consented to by another hand of each county that it concerns: proposal %',
      new.proposal_id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
"""
UNDO_CAUSES = """
create or replace function settlement_consent_is_anothers() returns trigger language plpgsql as $$ begin
  if exists (select from settlement_proposal p where p.id = new.proposal_id
             and (p.staff_id = new.staff_id or not new.region_id = any (p.regions))) then
    raise exception 'INV-45 a change is consented to by another hand of each county that it concerns: proposal %',
      new.proposal_id using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
drop function settlement_gave_cause;
"""
# Proposals of before: whose bills each changes is read from its differences.
CONCERNED = """
alter table settlement_proposal disable trigger never_changed;
update settlement_proposal p set regions = found.regions from (
  select q.id, array_agg(distinct s.region_id order by s.region_id) as regions from settlement_proposal q
    cross join jsonb_array_elements(q.differences) d
    join settlement_settlement s on s.id = (d ->> 'settlement')::bigint group by q.id) found
  where found.id = p.id;
alter table settlement_proposal enable trigger never_changed;
insert into settlement_concern (proposal_id, region_id, bills, relief_fen)
  select p.id, s.region_id, count(*), sum((d ->> 'new')::bigint - (d ->> 'old')::bigint) from settlement_proposal p
    cross join jsonb_array_elements(p.differences) d
    join settlement_settlement s on s.id = (d ->> 'settlement')::bigint group by p.id, s.region_id;
"""

# A draft is a policy row that is looked at and not in force; with it, a day's policy is as if it were adopted last.
DRAFTS = """
create or replace function settlement_policy_on(p_region text, p_day date) returns bigint language sql stable
  return (select id from settlement_policy
    where region_id in (p_region, rpad(left(p_region, 4), 6, '0'), rpad(left(p_region, 2), 6, '0'))
      and starts_on <= p_day and not draft
    order by region_id desc, starts_on desc, id desc limit 1);
create function settlement_policy_with(p_region text, p_day date, p_draft bigint) returns bigint language sql stable
  return (select id from settlement_policy
    where region_id in (p_region, rpad(left(p_region, 4), 6, '0'), rpad(left(p_region, 2), 6, '0'))
      and starts_on <= p_day and (not draft or id = p_draft)
    order by region_id desc, starts_on desc, id is not distinct from p_draft desc, id desc limit 1);
"""
UNDO_DRAFTS = "drop function settlement_policy_with(text, date, bigint);"

# What waits for whom, so that nobody looks through all that was ever decided: the database keeps it by itself.
WAITING = f"""
alter table settlement_waiting enable row level security;
grant select on settlement_waiting to {ROLE};
create policy sees on settlement_waiting for select to {ROLE} using (
  tuodi_desk() in ('county', 'finance', 'city', 'supervisor', 'system')
    and exists (select from unnest(regions) r (code) where tuodi_within(r.code)));

create function settlement_waits() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$ begin
  insert into settlement_waiting (proposal_id, region_id, regions, adoption_id)
    select new.proposal_id, new.region_id, p.regions, p.adoption_id from settlement_proposal p
    where p.id = new.proposal_id;
  return null;
end $$;
create function settlement_waits_less() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$ begin
  delete from settlement_waiting w using added a where w.proposal_id = a.proposal_id and w.region_id = a.region_id;
  return null;
end $$;
create function settlement_waits_no_more() returns trigger
  language plpgsql security definer set search_path = public, pg_temp as $$ begin
  delete from settlement_waiting where proposal_id = new.proposal_id;
  return null;
end $$;
revoke execute on function settlement_waits, settlement_waits_less, settlement_waits_no_more from public;
create trigger waits after insert on settlement_concern for each row execute function settlement_waits();
create trigger waits_less after insert on settlement_consent referencing new table as added
  for each statement execute function settlement_waits_less();
create trigger waits_no_more after insert on settlement_decision
  for each row execute function settlement_waits_no_more();
insert into settlement_waiting (proposal_id, region_id, regions, adoption_id)
  select c.proposal_id, c.region_id, p.regions, p.adoption_id from settlement_concern c
    join settlement_proposal p on p.id = c.proposal_id
    where not exists (select from settlement_decision d where d.proposal_id = p.id)
      and not exists (select from settlement_consent s where s.proposal_id = p.id and s.region_id = c.region_id);
"""
UNDO_WAITING = """
drop trigger waits on settlement_concern;
drop trigger waits_less on settlement_consent;
drop trigger waits_no_more on settlement_decision;
drop function settlement_waits(), settlement_waits_less(), settlement_waits_no_more();
"""

# How far policies are held against everybody's bills is no secret; what they mean for a person is their county's.
SWEEPS = f"""
alter table settlement_sweep enable row level security;
grant select, insert on settlement_sweep to {ROLE};
create policy sees on settlement_sweep for select to {ROLE} using (true);
create policy adds on settlement_sweep for insert to {ROLE} with check (tuodi_desk() = 'system');
"""

UNDO = """
drop function settlement_commit, settlement_look;
drop type settlement_looked;
drop function settlement_enter, settlement_policy_on, settlement_adopted;
"""
