-- Accounts, their devices and refresh tokens. None has an org_id: an account may belong to many organizations.

create table parley.account (
  user_id          text collate "C" primary key,
  username         text not null,
  -- What is unique: the name without the differences that people do not see.
  username_key     text collate "C" not null unique,
  email            text,
  email_key        text collate "C" unique,
  -- Null for an account that another issuer vouches for.
  password_hash    text,
  -- Grows with every other password, not with another hash of the same one.
  password_version int not null default 0,
  display_name     text not null,
  created_at       timestamptz not null,
  disabled_at      timestamptz,
  check ((email is null) = (email_key is null))
);

create table parley.device (
  device_id    uuid primary key,
  user_id      text collate "C" not null references parley.account,
  name         text not null,
  created_at   timestamptz not null,
  last_seen_at timestamptz not null,
  -- Kept for a while, because access tokens outlive it.
  revoked_at   timestamptz
);
create index device_user on parley.device (user_id);

-- Only the SHA-256 of a token is kept. A used one stays until its reuse tells us nothing any more.
create table parley.refresh_token (
  hash       bytea primary key,
  device_id  uuid not null references parley.device on delete cascade,
  issued_at  timestamptz not null,
  expires_at timestamptz not null,
  used_at    timestamptz
);
create index refresh_token_device on parley.refresh_token (device_id);
