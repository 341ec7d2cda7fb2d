--[[
  Lets the jobs wait again whose locks have ended. BullMQ looks for locks only of jobs that were active at the check
  before, which makes a dead worker's jobs wait for two checks; here it looks at all while they are few.

  KEYS[1] prefix of the queue's keys
  ARGV[1] how often a job may be lost
  ARGV[2] now
  ARGV[3] milliseconds in which no process looks again
  ARGV[4] data points of metrics that are kept

  Returns {id, worker, how often it was lost, 1 if it has failed because someone had canceled it}
]]
--- @bullmq "moveStalledJobsToWait-9"
--- @include "fail"

local FEW = 2000
local base = KEYS[1]
local check, active, stalled = base .. 'mainstay:stalled-check', base .. 'active', base .. 'stalled'
if redis.call('EXISTS', check) == 1 then
  return {}
end
local count = redis.call('LLEN', active)
if count > 0 and count <= FEW then
  redis.call('SADD', stalled, unpack(redis.call('LRANGE', active, 0, -1)))
end
local ids = moveStalledJobsToWait(
  {stalled, base .. 'wait', active, check, base .. 'meta', base .. 'paused', base .. 'marker', base .. 'events',
    base .. 'repeat'},
  {ARGV[1], base, ARGV[2], ARGV[3]})
local results = {}
for i, id in ipairs(ids) do
  local fields = redis.call('HMGET', base .. id, 'pb', 'stc')
  local reason = redis.call('HGET', base .. 'mainstay:cancel', id)
  results[i] = {id, fields[1] or '', tonumber(fields[2] or '0'), reason and 1 or 0}
  if reason then
    redis.call('LREM', base .. 'wait', -1, id)
    redis.call('LPUSH', active, id)
    fail(base, id, reason, ARGV[2], ARGV[4], false)
  end
end
return results
