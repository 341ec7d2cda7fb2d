--[[
  Makes delayed jobs wait, each at its own priority; BullMQ's script for many jobs forgets that.

  KEYS[1] prefix of the queue's keys
  ARGV[1] how many at most

  Returns how many
]]
--- @bullmq "promote-9"

local base = KEYS[1]
local ids = redis.call('ZRANGE', base .. 'delayed', 0, tonumber(ARGV[1]) - 1)
for _, id in ipairs(ids) do
  promote({base .. 'delayed', base .. 'wait', base .. 'paused', base .. 'meta', base .. 'prioritized',
    base .. 'active', base .. 'pc', base .. 'events', base .. 'marker'}, {base, id})
end
return #ids
