-- How often a user was let see less of an organization. Whoever only looks into rooms is asked again when it has grown, for no
-- event of those rooms tells that their looking ends.
alter table parley.user_head add column access_reduced bigint not null default 0;

create or replace function parley.heads(p_rooms uuid[], p_users text[], p_devices uuid[])
returns table (kind text, id text, pos bigint, owner text)
language sql stable security definer set search_path = '' set enable_seqscan = off
as $$
  select 'room', r.room_id::text, r.last_pos, null::text from parley.room r where r.room_id = any (p_rooms)
  union all
  select 'user', h.user_id, h.last_pos, nullif(h.access_reduced, 0)::text
    from parley.user_head h where h.user_id = any (p_users)
  union all
  select 'device', d.device_id::text, 0, d.user_id
    from parley.device d join parley.account a on a.user_id = d.user_id
   where d.device_id = any (p_devices) and (d.revoked_at is not null or a.disabled_at is not null)
$$;
