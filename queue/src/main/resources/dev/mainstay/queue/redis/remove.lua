--[[
  Removes a job that is not active, with the children that it waits for, unless one of them is active.

  KEYS[1] prefix of the queue's keys
  ARGV[1] job id

  Returns {1 if it is removed, -8 if it is the next of a job scheduler, else 0; state in which the job was}
]]
local rcall = redis.call
--- @bullmq "isLocked"
--- @bullmq "removeJob-2"
--- @bullmq "removeUnprocessedChildren-2"
--- @include "find"

local base, id = KEYS[1], ARGV[1]
local state = find(base, id)[2]
if state == 'unknown' or state == 'active' or isLocked(base, id, '1') then
  return {0, state}
end
removeUnprocessedChildren({base .. id, base .. 'meta'}, {base, id})
local removed = removeJob({base .. id, base .. 'repeat'}, {id, '0', base})
if removed == 1 then
  redis.call('HDEL', base .. 'mainstay:cancel', id)
end
return {removed, state}
