-- Files: what is known of them here, their bytes elsewhere.
create table parley.file (
  org_id     uuid not null references parley.org,
  file_id    uuid not null,
  uploader   text collate "C" not null,
  name       text not null,
  type       text not null,
  size       bigint not null,
  sha256     text collate "C" not null,
  created_at timestamptz not null,
  -- When somebody last meant to attach it. A loose file (one that may hang on no message) is swept a day after.
  wanted_at  timestamptz not null,
  loose      boolean not null default true,
  -- Its last message was deleted: nobody sees it any more.
  released   boolean not null default false,
  primary key (org_id, file_id)
);
create unique index file_id on parley.file (file_id);
create index file_loose on parley.file (wanted_at) where loose;

-- Which messages a file hangs on. Written by the writer lanes in the transaction that posts the message. There is no
-- foreign key to the file: it was checked before, and one that went in between must not take a batch with it.
create table parley.file_use (
  org_id     uuid not null,
  file_id    uuid not null,
  room_id    uuid not null,
  message_id bigint not null,
  primary key (org_id, file_id, room_id, message_id)
);
create index file_use_message on parley.file_use (org_id, room_id, message_id);

-- The bytes of all files of an organization.
create table parley.file_space (
  org_id uuid primary key references parley.org,
  bytes  bigint not null
);

do $$
declare
  t text;
begin
  foreach t in array array['file', 'file_use', 'file_space']
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
create policy log_lane on parley.file_use to parley_log using (true) with check (true);
grant insert on parley.file_use to parley_log;

-- The rooms of this transaction's organization that one of its accounts may see, as domain.access.AccessControl says
-- it: one's own, and the public ones unless one is a guest; never those that one was banned from. No SET clause, so
-- that the planner can look into it.
create function parley.rooms_seen(p_user text) returns table (room_id uuid)
  language sql stable
as $$
  select r.room_id
    from parley.room r
    join parley.org_member om on om.org_id = r.org_id and om.user_id = p_user
    left join parley.room_member m on m.org_id = r.org_id and m.room_id = r.room_id and m.user_id = p_user
   where r.org_id = (select parley.current_org())
     and case when m.user_id is not null then not m.banned else r.kind = 'public' and om.role <> 'guest' end;
$$;

-- In which organization a file lies: like org_of_room.
create function parley.org_of_file(file uuid) returns uuid
  language sql stable security definer set search_path = ''
  return (select f.org_id from parley.file f where f.file_id = file);
revoke all on function parley.org_of_file(uuid) from public;
grant execute on function parley.org_of_file(uuid) to parley_app;

-- Where the sweep has to look: ids only, oldest first. It removes them inside their organizations.
create function parley.loose_files(p_before timestamptz, p_limit int) returns table (org_id uuid, file_id uuid)
  language sql stable security definer set search_path = ''
as $$
  select f.org_id, f.file_id from parley.file f
   where f.loose and f.wanted_at < p_before order by f.wanted_at limit least(p_limit, 1000);
$$;
revoke all on function parley.loose_files(timestamptz, int) from public;
grant execute on function parley.loose_files(timestamptz, int) to parley_app;
