-- Connections avoid plans that read whole tables (Pool). These two read much by their nature, with plans made anew.
alter function parley.search_messages
  set enable_seqscan = on
  set enable_bitmapscan = on
  set enable_hashjoin = on
  set enable_mergejoin = on
  set enable_material = on;
alter function parley.search_behind
  set enable_seqscan = on
  set enable_hashjoin = on
  set plan_cache_mode = force_custom_plan;
