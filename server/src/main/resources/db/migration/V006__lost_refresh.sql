-- A client whose answer was lost gets another successor; the lost one is spent from then on.
alter table parley.refresh_token
  -- Which successor of this token counts.
  add column attempt  int not null default 0,
  -- Another successor took this one's place.
  add column replaced boolean not null default false;
