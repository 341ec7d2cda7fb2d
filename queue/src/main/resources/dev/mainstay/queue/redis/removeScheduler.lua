--[[
  Removes a job scheduler, with its next job unless that is active.

  KEYS[1] prefix of the queue's keys
  ARGV[1] its id

  Returns 1 if it was there
]]
local rcall = redis.call
--- @bullmq "isLocked"
--- @bullmq "removeJobScheduler-3"
--- @bullmq "removeJob-2"
--- @include "find"

local base, id = KEYS[1], ARGV[1]
local newest = redis.call('ZSCORE', base .. 'repeat', id)
local gone = removeJobScheduler({base .. 'repeat', base .. 'delayed', base .. 'events'}, {id, base})
if newest then
  -- BullMQ's script leaves one that waits already.
  local job = 'repeat:' .. id .. ':' .. newest
  local state = find(base, job)[2]
  if (state == 'waiting' or state == 'prioritized') and not isLocked(base, job, '1') then
    removeJob({base .. job, base .. 'repeat'}, {job, '0', base})
    redis.call('HDEL', base .. 'mainstay:cancel', job)
  end
end
return 1 - gone
