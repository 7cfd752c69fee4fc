-- What ./parley import asks a room before it brings something along: who left it, which reactions were taken back,
-- whether it was archived before. Few events are of these kinds, so messages pay nothing for it.
create index room_event_taken_back on parley.room_event (org_id, room_id, kind, target)
  where kind in ('leave', 'unreact', 'room');
