-- ARGV: users, each alone or with a circle after a zero byte. Answers 1 for each that is there and 0 for the others.
local answer = {}
for i, words in ipairs(ARGV) do
  answer[i] = 0
  for _, sighting in ipairs(begins(words)) do
    if lives(sighting) then
      answer[i] = 1
      break
    end
  end
end
return answer
