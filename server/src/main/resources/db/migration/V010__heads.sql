-- Where many logs stand, and which devices are signed out: what each node asks once a second for everything that
-- somebody hears on it. It sees all organizations because a node serves all of them, and tells the holder of a
-- random id one number; nobody gets at it from outside.
create function parley.heads(p_rooms uuid[], p_users text[], p_devices uuid[])
returns table (kind text, id text, pos bigint, owner text)
language sql stable security definer set search_path = '' set enable_seqscan = off
as $$
  select 'room', r.room_id::text, r.last_pos, null::text from parley.room r where r.room_id = any (p_rooms)
  union all
  select 'user', h.user_id, h.last_pos, null from parley.user_head h where h.user_id = any (p_users)
  union all
  select 'device', d.device_id::text, 0, d.user_id
    from parley.device d join parley.account a on a.user_id = d.user_id
   where d.device_id = any (p_devices) and (d.revoked_at is not null or a.disabled_at is not null)
$$;
revoke all on function parley.heads(uuid[], text[], uuid[]) from public;
grant execute on function parley.heads(uuid[], text[], uuid[]) to parley_app;
