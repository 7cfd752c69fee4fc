-- The replies under a message. Written by the writer lanes for messages that name a thread; never taken back,
-- because the tombstone of a deleted reply keeps its place.
create table parley.reply (
  org_id     uuid not null,
  room_id    uuid not null,
  thread_id  bigint not null,
  message_id bigint not null,
  primary key (org_id, room_id, thread_id, message_id)
);

insert into parley.reply (org_id, room_id, thread_id, message_id)
select org_id, room_id, (data::jsonb ->> 'thread')::bigint, message_id
  from parley.room_event
 where kind = 'message' and data is not null and (data::jsonb ->> 'thread') is not null;

alter table parley.reply enable row level security;
alter table parley.reply force row level security;
create policy owner_all on parley.reply to parley_owner using (true) with check (true);
create policy tenant on parley.reply to parley_app
  using (org_id = (select parley.current_org()))
  with check (org_id = (select parley.current_org()));
create policy log_lane on parley.reply to parley_log using (true) with check (true);
grant insert on parley.reply to parley_log;
