--[[
  Takes jobs, each under a lock that ends in a token of its own. Tokens grow over all claims of the queue: BullMQ's own
  scripts take the lock from the caller, who cannot know the order in which the claims of two processes come.

  KEYS[1] prefix of the queue's keys
  ARGV[1] now
  ARGV[2] how many at most
  ARGV[3] worker id
  ARGV[4] begin of the locks
  ARGV[5] lock duration in milliseconds

  Returns the claims as {hash, id, token, reason of a cancellation or ''}; if there were fewer than wanted, at last
  {milliseconds until the rate limit allows more, time at which the next delayed job is due}, 0 for none
]]
--- @bullmq "moveToActive-11"

local base = KEYS[1]
local keys = {base .. 'wait', base .. 'active', base .. 'prioritized', base .. 'events', base .. 'stalled',
  base .. 'limiter', base .. 'delayed', base .. 'paused', base .. 'meta', base .. 'pc', base .. 'marker'}
local tokens = base .. 'mainstay:token'
local cancel = base .. 'mainstay:cancel'

local results = {}
for _ = 1, tonumber(ARGV[2]) do
  local token = string.format('%.0f', tonumber(redis.call('GET', tokens) or '0') + 1)
  local taken = moveToActive(keys, {base, ARGV[1],
    cmsgpack.pack({token = ARGV[4] .. token, lockDuration = tonumber(ARGV[5]), name = ARGV[3]})})
  if type(taken[1]) ~= 'table' then
    results[#results + 1] = {taken[3], taken[4]}
    break
  end
  redis.call('SET', tokens, token)
  results[#results + 1] = {taken[1], taken[2], token, redis.call('HGET', cancel, taken[2]) or ''}
end
return results
