--[[
  Adds to the counts of minutes, and forgets old ones.

  KEYS[1] prefix of the queue's keys
  ARGV[1] how long minutes are kept, in milliseconds
  ARGV[2] places of numbers of which the greatest is kept, not the sum, each between commas
  ARGV[3...] the start of a minute and its numbers, with spaces between, in turn
]]
local minutes, metrics = KEYS[1] .. 'mainstay:minutes', KEYS[1] .. 'mainstay:metrics'
for i = 3, #ARGV, 2 do
  local minute, numbers = ARGV[i], {}
  for number in string.gmatch(ARGV[i + 1], '%d+') do
    numbers[#numbers + 1] = tonumber(number)
  end
  local place = 0
  for number in string.gmatch(redis.call('HGET', metrics, minute) or '', '%d+') do
    place = place + 1
    local greatest = string.find(ARGV[2], ',' .. place .. ',', 1, true)
    numbers[place] = greatest and math.max(numbers[place], tonumber(number)) or numbers[place] + tonumber(number)
  end
  for at, number in ipairs(numbers) do
    numbers[at] = string.format('%.0f', number)
  end
  redis.call('ZADD', minutes, minute, minute)
  redis.call('HSET', metrics, minute, table.concat(numbers, ' '))
end
-- What a queue leaves behind when nobody works on it any more.
redis.call('PEXPIRE', minutes, ARGV[1])
redis.call('PEXPIRE', metrics, ARGV[1])
local newest = redis.call('ZREVRANGE', minutes, 0, 0)[1]
if newest then
  local old = redis.call('ZRANGEBYSCORE', minutes, '-inf', string.format('(%.0f', tonumber(newest) - tonumber(ARGV[1])))
  for _, minute in ipairs(old) do
    redis.call('ZREM', minutes, minute)
    redis.call('HDEL', metrics, minute)
  end
end
