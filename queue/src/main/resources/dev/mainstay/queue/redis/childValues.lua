--[[
  KEYS[1] prefix of the queue's keys
  ARGV[1] job id
  ARGV[2...] keys of children

  Returns for each what it returned, or why it failed; or ''
]]
local job = KEYS[1] .. ARGV[1]
local values = {}
for i = 2, #ARGV do
  local child = ARGV[i]
  values[#values + 1] = redis.call('HGET', job .. ':processed', child) or redis.call('HGET', job .. ':failed', child)
    or (redis.call('ZSCORE', job .. ':unsuccessful', child) and redis.call('HGET', child, 'failedReason')) or ''
end
return values
