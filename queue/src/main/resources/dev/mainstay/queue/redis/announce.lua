--[[
  Keeps what a worker tells of itself, and forgets those that have told nothing for long.

  KEYS[1] prefix of the queue's keys
  ARGV[1] id of the worker
  ARGV[2] what it tells
  ARGV[3] the time, in milliseconds
  ARGV[4] how long it is kept, in milliseconds
]]
local seen, workers = KEYS[1] .. 'mainstay:seen', KEYS[1] .. 'mainstay:workers'
redis.call('ZADD', seen, ARGV[3], ARGV[1])
redis.call('HSET', workers, ARGV[1], ARGV[2])
local gone = redis.call('ZRANGEBYSCORE', seen, '-inf', string.format('%.0f', tonumber(ARGV[3]) - tonumber(ARGV[4])))
for _, id in ipairs(gone) do
  redis.call('ZREM', seen, id)
  redis.call('HDEL', workers, id)
end
redis.call('PEXPIRE', seen, ARGV[4])
redis.call('PEXPIRE', workers, ARGV[4])
