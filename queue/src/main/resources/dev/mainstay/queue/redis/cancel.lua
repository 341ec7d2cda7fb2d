--[[
  Fails a job that waits; marks one that is active, for its worker.

  KEYS[1] prefix of the queue's keys
  ARGV[1] job id
  ARGV[2] failed reason
  ARGV[3] now
  ARGV[4] data points of metrics that are kept

  Returns the state in which the job was; 'unknown' if there is none
]]
--- @include "fail"
--- @include "find"

local base, id = KEYS[1], ARGV[1]
local state = find(base, id)[2]
local key = ({waiting = 'wait', prioritized = 'prioritized', delayed = 'delayed',
  ['waiting-children'] = 'waiting-children'})[state]
if state == 'active' then
  redis.call('HSET', base .. 'mainstay:cancel', id, ARGV[2])
elseif key then
  if key ~= 'wait' then
    redis.call('ZREM', base .. key, id)
  elseif redis.call('LREM', base .. 'wait', 1, id) == 0 then
    redis.call('LREM', base .. 'paused', 1, id)
  end
  -- It is among the active ones for the time of this script, which BullMQ wants of a job that fails.
  redis.call('LPUSH', base .. 'active', id)
  fail(base, id, ARGV[2], ARGV[3], ARGV[4], false)
end
return state
