-- Tasks, the directory of the open realm, the jobs that remind, and events of a user's log that are about no room.

create table parley.task (
  org_id       uuid not null references parley.org,
  task_id      uuid not null,
  assignee     text collate "C" not null,
  created_by   text collate "C" not null,
  title        text not null,
  description  text not null,
  status       text not null check (status in ('pending', 'in_progress', 'completed', 'cancelled')),
  priority     text not null check (priority in ('low', 'medium', 'high', 'urgent')),
  due_at       timestamptz,
  created_at   timestamptz not null,
  updated_at   timestamptz not null,
  completed_at timestamptz,
  -- When the reminder of this due date was raised; another due date clears it.
  reminded_at  timestamptz,
  primary key (org_id, task_id),
  check ((status = 'completed') = (completed_at is not null))
);
create index task_newest on parley.task (org_id, created_at desc, task_id desc);
create index task_assignee on parley.task (org_id, assignee, created_at desc, task_id desc);
create index task_due on parley.task (org_id, due_at, task_id)
  where due_at is not null and status in ('pending', 'in_progress');

-- People of the open realm. They prove nothing and share nothing with accounts, not even a kind of id.
create table parley.directory_user (
  org_id     uuid not null references parley.org,
  user_id    uuid not null,
  username   text collate "C" not null,
  email      text collate "C" not null,
  full_name  text not null,
  -- The organization that the client named: any text.
  org        text collate "C" not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (org_id, user_id),
  constraint directory_user_username unique (org_id, username),
  constraint directory_user_email unique (org_id, email)
);
create index directory_user_org on parley.directory_user (org_id, org, created_at desc, user_id desc);

do $$
declare
  t text;
begin
  foreach t in array array['task', 'directory_user']
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

-- What is to happen at a time: the table of db-scheduler, with its names (docs/adr/0007-reminders.md). A row says which
-- task of which organization, nothing more. It is written in the transaction that changes the task.
create table parley.scheduled_job (
  task_name            text not null,
  task_instance        text not null,
  task_data            bytea,
  execution_time       timestamptz not null,
  picked               boolean not null,
  picked_by            text,
  last_success         timestamptz,
  last_failure         timestamptz,
  consecutive_failures int,
  last_heartbeat       timestamptz,
  version              bigint not null,
  priority             smallint,
  primary key (task_name, task_instance)
) with (fillfactor = 70);
create index scheduled_job_execution_time on parley.scheduled_job (execution_time);
create index scheduled_job_last_heartbeat on parley.scheduled_job (last_heartbeat);

alter table parley.user_event alter column room_id drop not null;
alter table parley.user_event add column task_id uuid;
alter table parley.user_event add column title text;
alter table parley.user_event add column due_at timestamptz;
alter table parley.user_event add constraint user_event_about check (
  case when kind = 'task_due' then task_id is not null and title is not null and due_at is not null
       else room_id is not null end);
-- What a person is to be shown, newest first, and how far they have seen it.
create index user_event_notification on parley.user_event (user_id, pos desc) where kind in ('task_due');
alter table parley.user_head add column seen_pos bigint not null default 0;
