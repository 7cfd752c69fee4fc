-- What ./parley import needs: messages that come with their own times, and their own ids where clients know them.

-- Message ids that an imported database brought along: first to last of this organization are its own, for nobody else
-- ever gets one of them. The first database that is imported into an organization keeps its ids, another one gets new.
create table parley.imported_ids (
  org_id   uuid primary key references parley.org,
  -- Names the database by its first message.
  source   uuid not null,
  first_id bigint not null,
  last_id  bigint not null
);

alter table parley.imported_ids enable row level security;
alter table parley.imported_ids force row level security;
create policy owner_all on parley.imported_ids to parley_owner using (true) with check (true);
create policy tenant on parley.imported_ids to parley_app
  using (org_id = (select parley.current_org()))
  with check (org_id = (select parley.current_org()));

-- Lets new messages have ids beyond this one only. It never goes back, and what others take meanwhile cannot reach the
-- new place: an import asks for a distance of a million.
create function parley.raise_message_id(p_beyond bigint) returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform setval('parley.message_id', p_beyond) from parley.message_id s where s.last_value < p_beyond;
end
$$;
revoke all on function parley.raise_message_id(bigint) from public;
grant execute on function parley.raise_message_id(bigint) to parley_app;

-- Posts messages of one room that another program had taken. Like append_messages, one by one: each has its own time,
-- which must not be before that of the one in front of it, and perhaps its own id, which must be above; 0 asks for a new
-- one.
create function parley.append_imported(
  p_org uuid, p_room uuid, p_sender text[], p_op uuid[], p_hash bigint[], p_content text[], p_data text[],
  p_at timestamptz[], p_id bigint[])
returns table (ord int, fresh boolean, pos bigint, seq bigint, message_id bigint, at timestamptz, body_hash bigint)
language plpgsql volatile set search_path = ''
  set enable_hashjoin = off set enable_mergejoin = off set enable_seqscan = off set enable_bitmapscan = off
as $$
#variable_conflict use_column
declare
  v_pos bigint;
  v_seq bigint;
  v_at timestamptz;
  v_last bigint;
  v_known record;
begin
  select r.last_pos, r.last_seq, r.last_at into v_pos, v_seq, v_at
    from parley.room r where r.org_id = p_org and r.room_id = p_room for no key update;
  if not found then
    return;
  end if;
  select max(e.message_id) into v_last
    from parley.room_event e where e.org_id = p_org and e.room_id = p_room and e.message_id is not null;
  for i in 1 .. cardinality(p_op) loop
    select e.pos, e.seq, e.message_id, e.at, e.body_hash into v_known from parley.room_event e
     where e.org_id = p_org and e.room_id = p_room and e.actor = p_sender[i] and e.op = p_op[i];
    if found then
      return query select i, false, v_known.pos, v_known.seq, v_known.message_id, v_known.at, v_known.body_hash;
    else
      v_pos := v_pos + 1;
      v_seq := v_seq + 1;
      v_at := greatest(v_at, p_at[i]);
      v_last := case when p_id[i] > coalesce(v_last, 0) then p_id[i] else nextval('parley.message_id') end;
      insert into parley.room_event
        (org_id, room_id, pos, kind, actor, at, seq, message_id, op, body_hash, content, data)
      values (p_org, p_room, v_pos, 'message', p_sender[i], v_at, v_seq, v_last, p_op[i], p_hash[i],
              p_content[i], p_data[i]);
      return query select i, true, v_pos, v_seq, v_last, v_at, p_hash[i];
    end if;
  end loop;
  update parley.room r set last_pos = v_pos, last_seq = v_seq, last_at = v_at, changed = pg_current_xact_id()
   where r.org_id = p_org and r.room_id = p_room and r.last_pos < v_pos;
end
$$;
revoke all on function parley.append_imported from public;
grant execute on function parley.append_imported to parley_log;
