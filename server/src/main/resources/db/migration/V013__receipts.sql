-- Which events of a direct room have reached a member (received), and what of the others' the member has been told
-- (told). Multiranges of positions, because there are holes: who was away yesterday hears today's message first. A read
-- history closes them.

create table parley.receipt (
  org_id   uuid not null,
  room_id  uuid not null,
  user_id  text collate "C" not null,
  received int8multirange not null default '{}',
  told     int8multirange not null default '{}',
  primary key (org_id, room_id, user_id),
  foreign key (org_id, room_id) references parley.room
) with (fillfactor = 70);

alter table parley.receipt enable row level security;
alter table parley.receipt force row level security;
create policy owner_all on parley.receipt to parley_owner using (true) with check (true);
create policy tenant on parley.receipt to parley_app
  using (org_id = (select parley.current_org()))
  with check (org_id = (select parley.current_org()));
