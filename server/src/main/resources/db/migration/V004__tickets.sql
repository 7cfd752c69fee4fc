-- Single-use tickets for opening sockets. No org_id: they prove an account. Only the SHA-256 of a ticket is kept.

create table parley.ticket (
  hash             bytea primary key,
  device_id        uuid not null references parley.device on delete cascade,
  user_id          text collate "C" not null,
  username         text not null,
  token_expires_at timestamptz not null,
  expires_at       timestamptz not null
);
create index ticket_expires on parley.ticket (expires_at);
create index ticket_device on parley.ticket (device_id);
