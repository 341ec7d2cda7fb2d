--[[
  KEYS[1] prefix of the queue's keys
  ARGV[1] id of a worker that is closed
]]
redis.call('ZREM', KEYS[1] .. 'mainstay:seen', ARGV[1])
redis.call('HDEL', KEYS[1] .. 'mainstay:workers', ARGV[1])
