-- What the scripts about presence share; it stands in front of each of them.
--
-- A sighting is a user, a circle and a node with zero bytes between. KEYS: until when each lives (a sorted set, in
-- milliseconds of this Redis' own clock), all of them by user, and all of them with the circle in front (two sorted sets
-- without scores, in the order of their bytes). The keys end with the last sighting.
local UNTIL, BY_USER, BY_CIRCLE = KEYS[1], KEYS[2], KEYS[3]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- The first two words of a sighting, and it with these two exchanged.
local function parts(sighting)
  local first, second, node = string.match(sighting, '^(.-)%z(.-)%z(.*)$')
  return first, second, second .. '\0' .. first .. '\0' .. node
end

-- All sightings that begin with these words.
local function begins(words)
  return redis.call('ZRANGEBYLEX', BY_USER, '[' .. words .. '\0', '(' .. words .. '\1')
end

local function lives(sighting)
  local till = redis.call('ZSCORE', UNTIL, sighting)
  return till and tonumber(till) > now
end

-- Adds or repeats ARGV[from] to ARGV[to].
local function put(expiry, from, to)
  if to < from then
    return
  end
  if redis.call('EXISTS', UNTIL) == 0 then
    -- Redis may have thrown one key away and kept the others.
    redis.call('DEL', BY_USER, BY_CIRCLE)
  end
  local untils, users, circles = {}, {}, {}
  for i = from, to do
    local _, _, swapped = parts(ARGV[i])
    untils[#untils + 1] = string.format('%.0f', now + expiry)
    untils[#untils + 1] = ARGV[i]
    users[#users + 1] = 0
    users[#users + 1] = ARGV[i]
    circles[#circles + 1] = 0
    circles[#circles + 1] = swapped
  end
  redis.call('ZADD', UNTIL, unpack(untils))
  redis.call('ZADD', BY_USER, unpack(users))
  redis.call('ZADD', BY_CIRCLE, unpack(circles))
  for _, key in ipairs(KEYS) do
    redis.call('PEXPIRE', key, expiry)
  end
end

local function drop(sighting)
  local _, _, swapped = parts(sighting)
  redis.call('ZREM', UNTIL, sighting)
  redis.call('ZREM', BY_USER, sighting)
  redis.call('ZREM', BY_CIRCLE, swapped)
end
