--[[
  Gives back all jobs that a worker has, as if they had not been taken; those that are canceled fail.

  KEYS[1] prefix of the queue's keys
  ARGV[1] worker id
  ARGV[2] now
  ARGV[3] data points of metrics that are kept
  ARGV[4] '' for all of them; else the begin of locks
  ARGV[5...] tokens of locks with that begin that are left

  Returns how many
]]
--- @include "fail"
--- @bullmq "moveJobFromActiveToWait-9"

local base, begin = KEYS[1], ARGV[4]
local active = base .. 'active'
local left = {}
for i = 5, #ARGV do
  left[ARGV[i]] = true
end

local function taken(id)
  local lock = redis.call('GET', base .. id .. ':lock')
  if begin ~= '' then
    return lock and string.sub(lock, 1, #begin) == begin and not left[string.sub(lock, #begin + 1)]
  end
  if lock then
    return string.match(lock, '^mainstay:(.*):[^:]*:%d+$') == ARGV[1]
  end
  return redis.call('HGET', base .. id, 'pb') == ARGV[1]
end

local count = 0
for _, id in ipairs(redis.call('LRANGE', active, 0, -1)) do
  if taken(id) then
    local job = base .. id
    local reason = redis.call('HGET', base .. 'mainstay:cancel', id)
    if reason then
      fail(base, id, reason, ARGV[2], ARGV[3], false)
    else
      redis.call('DEL', job .. ':lock')
      redis.call('SREM', base .. 'stalled', id)
      moveJobFromActiveToWait({active, base .. 'wait', base .. 'stalled', base .. 'paused', base .. 'meta',
        base .. 'limiter', base .. 'prioritized', base .. 'marker', base .. 'events'}, {id, '0', job})
    end
    count = count + 1
  end
end
if count > 0 then
  redis.call('ZADD', base .. 'marker', 0, '0')
end
return count
