--[[
  What there is to do, without taking any of it.

  KEYS[1] prefix of the queue's keys

  Returns {1 if a job can be taken, time at which the next delayed job is due or 0, milliseconds until the rate limit
  allows more, jobs that are active}
]]
local base = KEYS[1]
local meta = redis.call('HMGET', base .. 'meta', 'paused', 'concurrency', 'max')
local active = redis.call('LLEN', base .. 'active')
local open = not meta[1] and not (meta[2] and active >= tonumber(meta[2]))
local limited = 0
if meta[3] and tonumber(meta[3]) <= tonumber(redis.call('GET', base .. 'limiter') or '0') then
  limited = math.max(0, redis.call('PTTL', base .. 'limiter'))
end
local waiting = open and limited == 0
  and (redis.call('LLEN', base .. 'wait') > 0 or redis.call('ZCARD', base .. 'prioritized') > 0)
local next = redis.call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')[2]
return {waiting and 1 or 0, next and math.floor(tonumber(next) / 0x1000) or 0, limited, active}
