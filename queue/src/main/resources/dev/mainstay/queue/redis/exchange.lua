--[[
  Ends attempts for good and takes jobs, each under a lock that ends in a token of its own. Tokens grow over all claims
  of the queue: BullMQ's own scripts take the lock from the caller, who cannot know the order in which the claims of two
  processes come.

  KEYS[1] prefix of the queue's keys
  ARGV[1] now
  ARGV[2] how many to take at most
  ARGV[3] worker id
  ARGV[4] begin of the locks
  ARGV[5] lock duration in milliseconds
  ARGV[6...] seven for each attempt that has ended: job id, 'completed' or 'failed', when, token of the lease, return
  value or failed reason, options of moveToFinished (msgpack), fields to update (msgpack) or ''

  Returns
  1. for each attempt 0, BullMQ's negative code, or the error that has kept it from ending while others did
  2. the claims as {hash, id, token, reason of a cancellation or ''}
  3. if there were fewer than wanted {milliseconds until the rate limit allows more, time at which the next delayed job
     is due}, 0 for none; an error that has ended the taking in the place of the first
]]
--- @include "finish"
--- @bullmq "moveToActive-11"

-- How long the counter of tokens is kept without a claim: 15 days in milliseconds.
local IDLE = 1296000000
local base, now, capacity = KEYS[1], ARGV[1], tonumber(ARGV[2])
local tokens, cancel = base .. 'mainstay:token', base .. 'mainstay:cancel'
local someCanceled = redis.call('EXISTS', cancel) == 1

local function message(failure)
  return type(failure) == 'table' and failure['err'] or tostring(failure)
end

local ends, errors = {}, 0
for i = 6, #ARGV, 7 do
  local id = ARGV[i]
  local done, result = pcall(finish, base, id, ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5], ARGV[i + 6])
  if not done then
    result = message(result)
    errors = errors + 1
  elseif someCanceled and result >= 0 then
    redis.call('HDEL', cancel, id)
  end
  ends[#ends + 1] = result
end
if errors > 0 and errors == #ends then
  -- It is not the job: the server takes no writes, for example.
  return redis.error_reply(ends[1])
end

local keys = {base .. 'wait', base .. 'active', base .. 'prioritized', base .. 'events', base .. 'stalled',
  base .. 'limiter', base .. 'delayed', base .. 'paused', base .. 'meta', base .. 'pc', base .. 'marker'}
local last = tonumber(redis.call('GET', tokens) or '0')
if last == 0 then
  -- The counter is new, was idle for long, or was lost with the data: the clock is beyond all that it has had.
  local time = redis.call('TIME')
  last = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local claims, rest = {}, {}
while #claims < capacity do
  local token = string.format('%.0f', last + #claims + 1)
  local done, taken = pcall(moveToActive, keys, {base, now,
    cmsgpack.pack({token = ARGV[4] .. token, lockDuration = tonumber(ARGV[5]), name = ARGV[3]})})
  if not done and #ends == 0 and #claims == 0 then
    return redis.error_reply(message(taken))
  end
  if not done or type(taken[1]) ~= 'table' then
    rest = done and {taken[3], taken[4]} or {message(taken), 0}
    break
  end
  if #claims == 0 then
    -- All that may be used, before the first can be heard of.
    redis.call('SET', tokens, string.format('%.0f', last + capacity), 'PX', IDLE)
  end
  claims[#claims + 1] = {taken[1], taken[2], token, someCanceled and redis.call('HGET', cancel, taken[2]) or ''}
end
if rest[2] == 0 then
  -- A queue that is paused, or takes no more now, does not say when its next delayed job is due, which waits from then on.
  local next = redis.call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')[2]
  rest[2] = next and math.floor(tonumber(next) / 0x1000) or 0
end
return {ends, claims, rest}
