--[[
  Changes what a job tells.

  KEYS[1] prefix of the queue's keys
  ARGV[1] job id
  ARGV[2] token of the lease under which it is done, or ''
  ARGV[3] 'progress', 'data' or 'log'
  ARGV[4] the value

  Returns {1 if it is done, state of the job}; 'unknown' if there is none
]]
--- @bullmq "updateProgress-3"
--- @bullmq "updateData-1"
--- @bullmq "addLog-2"
--- @include "find"
--- @include "lock"

local base, id, token = KEYS[1], ARGV[1], ARGV[2]
local job = base .. id
local state = 'active'
if token == '' or heldLock(job, token) == '' then
  state = find(base, id)[2]
  if state == 'unknown' or token ~= '' then
    return {0, state}
  end
end
if ARGV[3] == 'progress' then
  updateProgress({job, base .. 'events', base .. 'meta'}, {id, ARGV[4]})
elseif ARGV[3] == 'data' then
  updateData({job}, {ARGV[4]})
else
  local keep = cjson.decode(redis.call('HGET', job, 'opts') or '{}')['kl']
  if keep ~= 0 then
    addLog({job, job .. ':logs'}, {id, ARGV[4], keep and tostring(keep) or ''})
  end
end
return {1, state}
