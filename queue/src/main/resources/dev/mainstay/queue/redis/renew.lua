--[[
  Lets locks last longer.

  KEYS[1] prefix of the queue's keys
  ARGV[1] lock duration in milliseconds
  ARGV[2...] job id and token in turn

  Returns for each 1 if the lock was still held, else 0
]]
--- @bullmq "extendLocks-1"
--- @include "lock"

local base = KEYS[1]
local ids, locks, results = {}, {}, {}
for i = 2, #ARGV, 2 do
  local lock = heldLock(base .. ARGV[i], ARGV[i + 1])
  results[#results + 1] = lock == '' and 0 or 1
  if lock ~= '' then
    ids[#ids + 1] = ARGV[i]
    locks[#locks + 1] = lock
  end
end
extendLocks({base .. 'stalled'}, {base, cmsgpack.pack(locks), cmsgpack.pack(ids), ARGV[1]})
return results
