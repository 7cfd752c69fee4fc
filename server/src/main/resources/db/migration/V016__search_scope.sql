-- A search in one room, or by one author, names them by their ids, which cannot be mistaken for somebody's name.
drop function parley.search_messages;
create function parley.search_messages(
  p_user text, p_words tsquery, p_from text[], p_in text[], p_room uuid, p_author text, p_before timestamptz, p_after timestamptz,
  p_has text[], p_below bigint, p_limit int)
returns table (room_id uuid, message_id bigint)
language plpgsql stable security definer set search_path = ''
as $$
begin
  -- Executed as text, so that it is planned anew for these very words.
  return query execute $q$
    select s.room_id, s.message_id
      from parley.search_entry s
     where s.org_id = $1 and s.message_id < $9
       and ($3 is null or s.words @@ $3)
       and s.room_id in (select v.room_id from parley.rooms_seen($2) v)
       and ($4 is null or s.author = any($4) or s.author in (
             select a.user_id from parley.account a where lower(a.username) = any($4)))
       and ($5 is null or s.room_id in (
             select r.room_id from parley.room r
              where r.org_id = $1 and (r.room_id::text = any($5) or lower(r.name) = any($5))))
       and ($11 is null or s.room_id = $11)
       and ($12 is null or s.author = $12)
       and ($6 is null or s.at < $6)
       and ($7 is null or s.at >= $7)
       and (not 'LINK' = any($8) or s.link)
       and (not 'FILE' = any($8) or exists (
             select 1 from parley.file_use f
              where f.org_id = $1 and f.room_id = s.room_id and f.message_id = s.message_id))
       and (not 'REACTION' = any($8) or exists (
             select 1 from parley.reaction c
              where c.org_id = $1 and c.room_id = s.room_id and c.message_id = s.message_id))
       and (not 'PIN' = any($8) or exists (
             select 1 from parley.message_state t
              where t.org_id = $1 and t.room_id = s.room_id and t.message_id = s.message_id
                and t.pinned_at is not null))
     order by s.message_id desc limit $10
  $q$ using parley.current_org(), p_user, p_words, p_from, p_in, p_before, p_after, p_has, p_below, least(p_limit, 501), p_room, p_author;
end
$$;
revoke all on function parley.search_messages from public;
grant execute on function parley.search_messages to parley_app;

-- In another order each time, so that rooms which never come to an end hold up no others.
create or replace function parley.search_behind(p_version int, p_limit int)
returns table (org_id uuid, room_id uuid, pos bigint, last_pos bigint)
language sql stable security definer set search_path = ''
as $$
  select r.org_id, r.room_id, case when m.version = p_version then m.pos else 0 end, r.last_pos
    from parley.room r
    left join parley.search_mark m on m.org_id = r.org_id and m.room_id = r.room_id
   where r.last_pos > coalesce(case when m.version = p_version then m.pos end, 0)
   order by random() limit least(p_limit, 1000);
$$;
