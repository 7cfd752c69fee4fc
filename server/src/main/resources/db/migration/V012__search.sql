-- The index of messages by their words. It may be emptied at any time (update parley.search_mark set version = 0):
-- it is built anew from the log.
create table parley.search_entry (
  org_id     uuid not null,
  -- Server-wide, so that the newest first is one range of the key over all rooms.
  message_id bigint not null,
  room_id    uuid not null,
  author     text collate "C" not null,
  at         timestamptz not null,
  link       boolean not null,
  words      tsvector not null,
  primary key (org_id, message_id)
);
create index search_entry_words on parley.search_entry using gin (words);

-- How far each room's log is in the index. Whoever deletes a message, and whoever adds entries, locks the row.
create table parley.search_mark (
  org_id  uuid not null,
  room_id uuid not null,
  pos     bigint not null,
  version int not null,
  primary key (org_id, room_id)
);

do $$
declare
  t text;
begin
  foreach t in array array['search_entry', 'search_mark']
  loop
    execute format('alter table parley.%I enable row level security', t);
    execute format('alter table parley.%I force row level security', t);
    execute format('create policy owner_all on parley.%I to parley_owner using (true) with check (true)', t);
    execute format('create policy tenant on parley.%I to parley_app
                    using (org_id = (select parley.current_org()))
                    with check (org_id = (select parley.current_org()))', t);
  end loop;
end
$$;

-- Rooms whose log is ahead of the index: ids and positions only. They are read inside their organizations.
create function parley.search_behind(p_version int, p_limit int)
returns table (org_id uuid, room_id uuid, pos bigint, last_pos bigint)
language sql stable security definer set search_path = ''
as $$
  select r.org_id, r.room_id, case when m.version = p_version then m.pos else 0 end, r.last_pos
    from parley.room r
    left join parley.search_mark m on m.org_id = r.org_id and m.room_id = r.room_id
   where r.last_pos > coalesce(case when m.version = p_version then m.pos end, 0)
   limit least(p_limit, 1000);
$$;
revoke all on function parley.search_behind(int, int) from public;
grant execute on function parley.search_behind(int, int) to parley_app;

-- The search itself. Under row-level security PostgreSQL may not use an index for @@, whose function is not
-- leakproof; so this runs with the owner's rights and names the organization of the transaction itself, and the rooms
-- that the user may see. It tells ids alone; the messages are read under row-level security again.
create function parley.search_messages(
  p_user text, p_words tsquery, p_from text[], p_in text[], p_before timestamptz, p_after timestamptz,
  p_has text[], p_below bigint, p_limit int)
returns table (room_id uuid, message_id bigint)
language plpgsql stable security definer set search_path = ''
as $$
begin
  -- Executed as text, so that it is planned anew for these very words.
  return query execute $q$
    select s.room_id, s.message_id
      from parley.search_entry s
     where s.org_id = $1 and s.message_id < $9
       and ($3 is null or s.words @@ $3)
       and s.room_id in (select v.room_id from parley.rooms_seen($2) v)
       and ($4 is null or s.author = any($4) or s.author in (
             select a.user_id from parley.account a where lower(a.username) = any($4)))
       and ($5 is null or s.room_id in (
             select r.room_id from parley.room r
              where r.org_id = $1 and (r.room_id::text = any($5) or lower(r.name) = any($5))))
       and ($6 is null or s.at < $6)
       and ($7 is null or s.at >= $7)
       and (not 'LINK' = any($8) or s.link)
       and (not 'FILE' = any($8) or exists (
             select 1 from parley.file_use f
              where f.org_id = $1 and f.room_id = s.room_id and f.message_id = s.message_id))
       and (not 'REACTION' = any($8) or exists (
             select 1 from parley.reaction c
              where c.org_id = $1 and c.room_id = s.room_id and c.message_id = s.message_id))
       and (not 'PIN' = any($8) or exists (
             select 1 from parley.message_state t
              where t.org_id = $1 and t.room_id = s.room_id and t.message_id = s.message_id
                and t.pinned_at is not null))
     order by s.message_id desc limit $10
  $q$ using parley.current_org(), p_user, p_words, p_from, p_in, p_before, p_after, p_has, p_below, least(p_limit, 501);
end
$$;
revoke all on function parley.search_messages from public;
grant execute on function parley.search_messages to parley_app;
