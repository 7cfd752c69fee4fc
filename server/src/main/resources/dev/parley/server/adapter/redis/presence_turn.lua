-- ARGV: how long a sighting lives, in milliseconds; how many came; those that came; those that went. Answers which users
-- were not there before and are now, and which were and are not.
local came = tonumber(ARGV[2])
local users, before = {}, {}
for i = 3, #ARGV do
  local user = parts(ARGV[i])
  if before[user] == nil then
    before[user] = #begins(user) > 0
    users[#users + 1] = user
  end
end
put(tonumber(ARGV[1]), 3, 2 + came)
for i = 3 + came, #ARGV do
  drop(ARGV[i])
end
local online, offline = {}, {}
for _, user in ipairs(users) do
  local after = #begins(user) > 0
  if after and not before[user] then
    online[#online + 1] = user
  elseif before[user] and not after then
    offline[#offline + 1] = user
  end
end
return {online, offline}
