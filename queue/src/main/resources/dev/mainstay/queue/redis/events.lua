--[[
  Events after a place in their stream.

  KEYS[1] prefix of the queue's keys
  ARGV[1] id of an event; '0' for the oldest, '$' for none but those that come
  ARGV[2] how many at most

  Returns {events as {id, names and values}, where they end, 1 if the event of the place is not kept any more}
]]
local key = KEYS[1] .. 'events'
if ARGV[1] == '$' then
  local last = redis.call('XREVRANGE', key, '+', '-', 'COUNT', 1)[1]
  return {{}, last and last[1] or '0', 0}
end
local gap = ARGV[1] ~= '0' and #redis.call('XRANGE', key, ARGV[1], ARGV[1]) == 0
local from = (ARGV[1] == '0' or gap) and '-' or '(' .. ARGV[1]
local events = redis.call('XRANGE', key, from, '+', 'COUNT', ARGV[2])
local last = events[#events]
return {events, last and last[1] or (gap and '0' or ARGV[1]), gap and 1 or 0}
