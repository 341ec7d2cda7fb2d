--[[
  Makes finished jobs wait, each at its own priority; BullMQ's script for many jobs forgets that.

  KEYS[1] prefix of the queue's keys
  ARGV[1] 'completed' or 'failed'
  ARGV[2] only those that finished at or before this time
  ARGV[3] how many at most
  ARGV[4] now

  Returns how many
]]
--- @include "again"

local ids = redis.call('ZRANGEBYSCORE', KEYS[1] .. ARGV[1], '-inf', ARGV[2], 'LIMIT', 0, ARGV[3])
for _, id in ipairs(ids) do
  again(KEYS[1], id, ARGV[1], ARGV[4])
end
return #ids
