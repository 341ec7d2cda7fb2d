--[[
  KEYS[1] prefix of the queue's keys
  ARGV[1] job id

  Returns the keys of its children: unprocessed, processed, ignored and failed ones
]]
local job = KEYS[1] .. ARGV[1]
return {redis.call('SMEMBERS', job .. ':dependencies'), redis.call('HKEYS', job .. ':processed'),
  redis.call('HKEYS', job .. ':failed'), redis.call('ZRANGE', job .. ':unsuccessful', 0, -1)}
