--[[
  Removes a job that is not active.

  KEYS[1] prefix of the queue's keys
  ARGV[1] job id

  Returns {1 if it is removed, -8 if it is the next of a job scheduler, else 0; state in which the job was}
]]
--- @bullmq "removeJob-2"
--- @include "find"

local base, id = KEYS[1], ARGV[1]
local state = find(base, id)[2]
if state == 'unknown' or state == 'active' then
  return {0, state}
end
local removed = removeJob({base .. id, base .. 'repeat'}, {id, '1', base})
if removed == 1 then
  redis.call('HDEL', base .. 'mainstay:cancel', id)
end
return {removed, state}
