-- Takes one permit, by the generic cell rate algorithm (ITU-T I.371). The key holds the moment at which all permits
-- will be back, in microseconds of this Redis' own clock. Answers 0, or how many microseconds to wait.
local interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local full = math.max(now, tonumber(redis.call('GET', KEYS[1]) or now))
local wait = full - now - interval * (burst - 1)
if wait > 0 then
  return wait
end
full = full + interval
redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
return 0
