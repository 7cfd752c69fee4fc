-- Removes at most ARGV[1] sightings that were not repeated in time. Answers whose last one went, and 1 if there may be
-- more.
local dead = redis.call('ZRANGEBYSCORE', UNTIL, '-inf', now, 'LIMIT', 0, ARGV[1])
for _, sighting in ipairs(dead) do
  drop(sighting)
end
local asked, gone = {}, {}
for _, sighting in ipairs(dead) do
  local user = parts(sighting)
  if not asked[user] and #begins(user) == 0 then
    gone[#gone + 1] = user
  end
  asked[user] = true
end
return {gone, #dead == tonumber(ARGV[1]) and 1 or 0}
