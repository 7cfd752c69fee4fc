-- Connections avoid plans that read whole tables (Pool). These two read much by their nature, and are planned anew each time.
-- Whoever replaces one of them has to say this again.
alter function parley.search_messages set enable_seqscan = on set enable_bitmapscan = on;
alter function parley.search_behind set enable_seqscan = on set enable_bitmapscan = on set plan_cache_mode = force_custom_plan;
