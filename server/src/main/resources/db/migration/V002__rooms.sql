-- Organizations, rooms and the log. Every table with an org_id is under forced row-level security:
-- the application role sees the rows of the one organization that its transaction names, and nothing else.

create table parley.org (
  org_id     uuid primary key,
  name       text not null,
  -- The name by which clients of the open realm know it; only open organizations have one.
  handle     text,
  open       boolean not null default false,
  created_by text collate "C" not null,
  created_at timestamptz not null,
  check (open = (handle is not null))
);
create unique index org_handle on parley.org (handle) where open;

create table parley.org_member (
  org_id    uuid not null references parley.org,
  user_id   text collate "C" not null,
  role      text not null check (role in ('owner', 'admin', 'moderator', 'member', 'guest')),
  joined_at timestamptz not null,
  primary key (org_id, user_id)
);
create index org_member_user on parley.org_member (user_id);

-- last_pos, last_seq and last_at move under the row's lock, which is what orders the room's log.
-- The fill factor leaves room for these updates on the page, so that no index is touched by them.
create table parley.room (
  org_id      uuid not null references parley.org,
  room_id     uuid not null,
  kind        text not null check (kind in ('public', 'private', 'group', 'direct')),
  -- The one direct room of a pair, or the name that a client of the open realm gave; unique in its organization.
  alias       text collate "C",
  name        text not null,
  topic       text not null default '',
  epoch       text not null,
  last_pos    bigint not null default 0,
  last_seq    bigint not null default 0,
  last_at     timestamptz not null,
  archived_at timestamptz,
  created_by  text collate "C" not null,
  created_at  timestamptz not null,
  -- The last transaction that touched the row: the inbox lists what changed since a snapshot (no clock).
  changed     xid8 not null default pg_current_xact_id(),
  primary key (org_id, room_id),
  unique (org_id, alias)
) with (fillfactor = 50);
create unique index room_id on parley.room (room_id);

create table parley.room_member (
  org_id          uuid not null,
  room_id         uuid not null,
  user_id         text collate "C" not null,
  role            text not null check (role in ('owner', 'admin', 'moderator', 'member', 'guest')),
  -- A banned user keeps a row, so that the ban outlives every attempt to come back.
  banned          boolean not null default false,
  joined_pos      bigint not null,
  joined_at       timestamptz not null,
  read_seq        bigint not null default 0,
  read_message_id bigint not null default 0,
  delivered_pos   bigint not null default 0,
  changed         xid8 not null default pg_current_xact_id(),
  primary key (org_id, room_id, user_id),
  foreign key (org_id, room_id) references parley.room
) with (fillfactor = 80);
create index room_member_user on parley.room_member (user_id, org_id);

create table parley.room_invite (
  org_id     uuid not null,
  room_id    uuid not null,
  code_hash  text collate "C" not null,
  created_by text collate "C" not null,
  expires_at timestamptz not null,
  uses_left  int not null check (uses_left >= 0),
  primary key (org_id, code_hash),
  foreign key (org_id, room_id) references parley.room
);

create sequence parley.message_id;

-- The log. (room, pos) never changes, but for the content of a deleted message.
create table parley.room_event (
  org_id     uuid not null,
  room_id    uuid not null,
  pos        bigint not null,
  kind       text collate "C" not null,
  actor      text collate "C" not null,
  at         timestamptz not null,
  seq        bigint,
  message_id bigint,
  op         uuid,
  body_hash  bigint,
  -- The message that an edit, deletion, reaction or pin is about.
  target     bigint,
  content    text,
  data       text,
  primary key (org_id, room_id, pos)
);
create unique index room_event_message on parley.room_event (org_id, room_id, message_id) where message_id is not null;
create unique index room_event_op on parley.room_event (org_id, room_id, actor, op) where op is not null;
create index room_event_target on parley.room_event (org_id, room_id, target) where target is not null and content is not null;

-- What became of a message after it was posted; most messages have no row here.
create table parley.message_state (
  org_id     uuid not null,
  room_id    uuid not null,
  message_id bigint not null,
  content    text,
  edited_at  timestamptz,
  deleted_at timestamptz,
  pinned_at  timestamptz,
  pinned_by  text collate "C",
  primary key (org_id, room_id, message_id)
);
create index message_state_pinned on parley.message_state (org_id, room_id, pinned_at) where pinned_at is not null;

create table parley.reaction (
  org_id     uuid not null,
  room_id    uuid not null,
  message_id bigint not null,
  emoji      text collate "C" not null,
  user_id    text collate "C" not null,
  at         timestamptz not null,
  primary key (org_id, room_id, message_id, emoji, user_id)
);

create table parley.mention (
  org_id  uuid not null,
  room_id uuid not null,
  user_id text collate "C" not null,
  seq     bigint not null,
  primary key (org_id, room_id, user_id, seq)
);

-- Each user's own log, over all organizations. A row is written by whoever acts in the organization and
-- read by its owner alone.
create table parley.user_head (
  user_id  text collate "C" primary key,
  epoch    text not null,
  last_pos bigint not null default 0
);

create table parley.user_event (
  user_id    text collate "C" not null,
  pos        bigint not null,
  org_id     uuid not null,
  room_id    uuid not null,
  kind       text collate "C" not null,
  at         timestamptz not null,
  message_id bigint,
  seq        bigint,
  reason     text,
  primary key (user_id, pos)
);

do $$
declare
  t text;
begin
  foreach t in array array['org', 'org_member', 'room', 'room_member', 'room_invite', 'room_event',
                           'message_state', 'reaction', 'mention', 'user_event']
  loop
    execute format('alter table parley.%I enable row level security', t);
    execute format('alter table parley.%I force row level security', t);
    -- Migrations and the one security-definer function below run as the owner.
    execute format('create policy owner_all on parley.%I to parley_owner using (true) with check (true)', t);
    execute format('create policy tenant on parley.%I to parley_app
                    using (org_id = (select parley.current_org()))
                    with check (org_id = (select parley.current_org()))', t);
  end loop;
end
$$;

-- Open organizations are public by their nature: anybody may list them.
create policy open_realm on parley.org for select to parley_app using (open);

-- A user's own memberships and own log, over all organizations.
create policy own on parley.org_member for select to parley_app using (user_id = (select parley.current_user_id()));
create policy own on parley.room_member for select to parley_app using (user_id = (select parley.current_user_id()));
create policy own on parley.user_event for select to parley_app using (user_id = (select parley.current_user_id()));
create policy own on parley.org for select to parley_app using (
  exists (select 1 from parley.org_member m
           where m.org_id = org.org_id and m.user_id = (select parley.current_user_id())));

-- The writer lanes commit messages of many organizations at once, so their role sees all of them, but it
-- can do nothing except append: no other table, no delete, and of a room only the counters.
grant usage on schema parley to parley_log;
grant usage on sequence parley.message_id to parley_log;
grant select, insert on parley.room_event to parley_log;
grant select on parley.room, parley.room_member to parley_log;
grant update (last_pos, last_seq, last_at, changed) on parley.room to parley_log;
grant insert on parley.mention to parley_log;
create policy log_lane on parley.room to parley_log using (true) with check (true);
create policy log_lane on parley.room_event to parley_log using (true) with check (true);
create policy log_lane on parley.room_member for select to parley_log using (true);
create policy log_lane on parley.mention to parley_log using (true) with check (true);

-- Which organization a room lies in. It tells the holder of a random 128-bit id one more random id;
-- whether they may use it is decided afterwards, inside that organization.
create function parley.org_of_room(room uuid) returns uuid
  language sql stable security definer set search_path = ''
  return (select r.org_id from parley.room r where r.room_id = room);
revoke all on function parley.org_of_room(uuid) from public;
grant execute on function parley.org_of_room(uuid) to parley_app;

-- Posts a batch of messages of any rooms: the one statement of a writer lane.
--
-- 1. The rooms are locked in the order of their ids, so that two batches cannot deadlock, and so that a batch
--    that is sent again after a lost answer waits for its first attempt to end.
-- 2. What is known by its op is answered from the log. The sender's membership is read under the lock.
-- 3. The rest gets dense positions in the order of the arrays.
--
-- status: 'posted', 'known', 'no_member', 'no_room'. A batch must not hold one (room, sender, op) twice.
create function parley.append_messages(
  p_org uuid[], p_room uuid[], p_sender text[], p_op uuid[], p_hash bigint[],
  p_content text[], p_data text[], p_member_only boolean[], p_at timestamptz)
returns table (ord bigint, status text, pos bigint, seq bigint, message_id bigint, at timestamptz,
               content text, data text, body_hash bigint)
language plpgsql volatile set search_path = ''
as $$
#variable_conflict use_column
begin
  perform 1 from parley.room r
    where (r.org_id, r.room_id) in (select * from unnest(p_org, p_room))
    order by r.org_id, r.room_id
    for no key update;
  return query
  with input as materialized (
    select i.* from unnest(p_org, p_room, p_sender, p_op, p_hash, p_content, p_data, p_member_only)
      with ordinality as i(org_id, room_id, sender, op, hash, content, data, member_only, ord)
  ), judged as materialized (
    select i.*, r.last_pos, r.last_seq, r.last_at, r.room_id is not null as has_room,
           k.pos as known_pos, k.seq as known_seq, k.message_id as known_id, k.at as known_at,
           k.content as known_content, k.data as known_data, k.body_hash as known_hash,
           not i.member_only or exists (
             select 1 from parley.room_member m
              where m.org_id = i.org_id and m.room_id = i.room_id and m.user_id = i.sender and not m.banned) as may
      from input i
      left join parley.room r on r.org_id = i.org_id and r.room_id = i.room_id
      left join parley.room_event k
        on k.org_id = i.org_id and k.room_id = i.room_id and k.actor = i.sender and k.op = i.op
  ), fresh as materialized (
    select j.*, row_number() over (partition by j.org_id, j.room_id order by j.ord) as n
      from judged j where j.has_room and j.may and j.known_pos is null
  ), numbered as materialized (
    select f.*, nextval('parley.message_id') as new_id, greatest(p_at, f.last_at) as new_at
      from (select * from fresh order by ord) f
  ), posted as (
    insert into parley.room_event
      (org_id, room_id, pos, kind, actor, at, seq, message_id, op, body_hash, content, data)
    select n.org_id, n.room_id, n.last_pos + n.n, 'message', n.sender, n.new_at, n.last_seq + n.n, n.new_id,
           n.op, n.hash, n.content, n.data
      from numbered n
  ), counted as (
    update parley.room r
       set last_pos = r.last_pos + c.n, last_seq = r.last_seq + c.n, last_at = greatest(p_at, r.last_at),
           changed = pg_current_xact_id()
      from (select f.org_id, f.room_id, count(*) as n from fresh f group by 1, 2) c
     where r.org_id = c.org_id and r.room_id = c.room_id
  )
  select n.ord, 'posted', n.last_pos + n.n, n.last_seq + n.n, n.new_id, n.new_at,
         null::text, null::text, null::bigint from numbered n
  union all
  select j.ord, case when j.known_pos is not null then 'known' when not j.has_room then 'no_room' else 'no_member' end,
         j.known_pos, j.known_seq, j.known_id, j.known_at, j.known_content, j.known_data, j.known_hash
    from judged j where j.known_pos is not null or not j.has_room or not j.may;
end
$$;
revoke all on function parley.append_messages from public;
grant execute on function parley.append_messages to parley_log;
