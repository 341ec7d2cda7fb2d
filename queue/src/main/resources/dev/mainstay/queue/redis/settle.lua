--[[
  Ends an attempt. A job that someone has canceled does not wait again, it fails, and so does one that completes before
  its children.

  KEYS[1] prefix of the queue's keys
  ARGV[1] job id
  ARGV[2] 'completed', 'failed', 'retry' (the attempt counts), 'release' (it does not), 'delay' or 'postpone' (likewise), 'children' (it waits for them)
  ARGV[3] now
  ARGV[4] token of the lease
  ARGV[5] return value or failed reason
  ARGV[6] options of moveToFinished (msgpack)
  ARGV[7] fields to update (msgpack), or ''
  ARGV[8] delay in milliseconds; for 'retry' LPUSH or RPUSH

  Returns 0, or BullMQ's negative code: -2 and -6 for a lock that is lost
]]
--- @include "finish"
--- @bullmq "moveToWaitingChildren-7"
--- @bullmq "moveToDelayed-11"
--- @bullmq "retryJob-11"
--- @bullmq "moveJobFromActiveToWait-9"

local base, id, kind, value = KEYS[1], ARGV[1], ARGV[2], ARGV[5]
local job = base .. id
local wait, active, prioritized, events = base .. 'wait', base .. 'active', base .. 'prioritized', base .. 'events'
local stalled, limiter, delayed, paused = base .. 'stalled', base .. 'limiter', base .. 'delayed', base .. 'paused'
local meta, pc, marker = base .. 'meta', base .. 'pc', base .. 'marker'
local cancel = base .. 'mainstay:cancel'
local reason = redis.call('HGET', cancel, id)

if reason and kind ~= 'completed' and kind ~= 'failed' then
  kind = 'failed'
  value = reason
end

local result
if kind == 'completed' or kind == 'failed' then
  result = finish(base, id, kind, ARGV[3], ARGV[4], value, ARGV[6], ARGV[7])
else
  local lock = heldLock(job, ARGV[4])
  if kind == 'retry' then
    result = retryJob({active, wait, paused, job, meta, events, delayed, prioritized, pc, marker, stalled},
      {base, ARGV[3], ARGV[8], id, lock, ARGV[7]})
  elseif kind == 'delay' or kind == 'postpone' then
    result = moveToDelayed({marker, active, prioritized, delayed, job, events, meta, stalled, wait, limiter, pc},
      {base, ARGV[3], id, lock, ARGV[8], kind == 'postpone' and '1' or '0', ARGV[7], '0', ''})
  elseif kind == 'children' then
    result = moveToWaitingChildren(
      {active, base .. 'waiting-children', job, job .. ':dependencies', job .. ':unsuccessful', stalled, events},
      {lock, '', ARGV[3], id, base})
    if result == 1 or result == -9 then
      -- There is none to wait for, or one has failed, which the next claim will hear.
      kind = 'release'
    end
  end
  if kind == 'release' then
    result = moveJobFromActiveToWait({active, wait, stalled, paused, meta, limiter, prioritized, marker, events},
      {id, lock, job})
  end
end

if type(result) == 'number' and result < 0 then
  return result
end
if reason then
  redis.call('HDEL', cancel, id)
end
if kind == 'release' then
  -- BullMQ leaves a prioritized job that is given back without a marker.
  redis.call('ZADD', marker, 0, '0')
end
return 0
