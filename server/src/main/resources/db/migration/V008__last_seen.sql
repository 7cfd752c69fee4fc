-- When accounts were last online. No org_id: presence is the user's own; who may ask is decided by the organization
-- that both share. Rewritten every minute while somebody is online, so the page keeps room for that.

create table parley.last_seen (
  user_id text collate "C" primary key,
  at      timestamptz not null
) with (fillfactor = 50);
