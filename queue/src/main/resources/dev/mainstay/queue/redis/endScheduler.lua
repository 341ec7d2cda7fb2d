--[[
  Removes a job scheduler that is over, so that it can begin again: unless it has changed since it was looked at.

  KEYS[1] prefix of the queue's keys
  ARGV[1] its id
  ARGV[2] the time of its newest job, as it was seen

  Returns 1 if it is removed
]]
--- @include "find"

local base, id, seen = KEYS[1], ARGV[1], ARGV[2]
local newest = redis.call('ZSCORE', base .. 'repeat', id)
if not newest or tonumber(newest) ~= tonumber(seen) then
  return 0
end
local state = find(base, 'repeat:' .. id .. ':' .. newest)[2]
if state == 'waiting' or state == 'prioritized' or state == 'delayed' then
  return 0
end
redis.call('ZREM', base .. 'repeat', id)
redis.call('DEL', base .. 'repeat:' .. id)
return 1
