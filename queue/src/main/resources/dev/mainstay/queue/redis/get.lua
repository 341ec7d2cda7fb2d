--[[
  KEYS[1] prefix of the queue's keys
  ARGV    ids

  Returns for each {hash, state, score in 'delayed'}; the hash is empty if there is no such job
]]
--- @include "find"

local results = {}
for _, id in ipairs(ARGV) do
  results[#results + 1] = find(KEYS[1], id)
end
return results
