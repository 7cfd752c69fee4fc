-- ARGV: a circle; how many users at most; the user before the first, or nothing. Answers the users.
local circle, limit, after = ARGV[1], tonumber(ARGV[2]), ARGV[3]
local from = after and '(' .. circle .. '\0' .. after .. '\1' or '[' .. circle .. '\0'
local users = {}
repeat
  local page = redis.call('ZRANGEBYLEX', BY_CIRCLE, from, '(' .. circle .. '\1', 'LIMIT', 0, limit)
  for _, swapped in ipairs(page) do
    local _, user, sighting = parts(swapped)
    if #users < limit and user ~= users[#users] and lives(sighting) then
      users[#users + 1] = user
    end
  end
  from = '(' .. (page[#page] or '')
until #page < limit or #users == limit
return users
