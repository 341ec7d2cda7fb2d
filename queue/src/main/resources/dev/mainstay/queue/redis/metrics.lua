--[[
  KEYS[1] prefix of the queue's keys
  ARGV[1] start of the first minute
  ARGV[2] end: no minute starts there or later
  ARGV[3] how many at most

  Returns {start of a minute, its numbers}
]]
local results = {}
local minutes = redis.call('ZRANGEBYSCORE', KEYS[1] .. 'mainstay:minutes', ARGV[1], '(' .. ARGV[2], 'LIMIT', 0, ARGV[3])
for i, minute in ipairs(minutes) do
  results[i] = {minute, redis.call('HGET', KEYS[1] .. 'mainstay:metrics', minute)}
end
return results
