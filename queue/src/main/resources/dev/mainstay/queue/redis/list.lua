--[[
  A part of a list or sorted set of jobs, in the order in which they are taken; finished ones newest first.

  KEYS[1] prefix of the queue's keys
  ARGV[1] wait, active, prioritized, delayed, completed, failed, …
  ARGV[2] how many at most
  ARGV[3] where the part before ended: how many were before that; in a sorted set the score there
  ARGV[4...] the ids there, last first; none for the first part

  Returns {id, hash, score or ''}, and at last the place of the first of them from the start
]]
local base, state, limit = KEYS[1], ARGV[1], tonumber(ARGV[2])
local key = base .. state
local results, ids, scores, start = {}, {}, {}, 0
if state == 'wait' or state == 'active' or state == 'paused' then
  -- The end of a list is taken first.
  if #ARGV > 3 then
    start = math.max(0, tonumber(ARGV[3]) - (#ARGV - 3))
    for i = 4, #ARGV do
      local place = redis.call('LPOS', key, ARGV[i], 'RANK', -1)
      if place then
        start = redis.call('LLEN', key) - place
        break
      end
    end
  end
  if start < redis.call('LLEN', key) then
    local part = redis.call('LRANGE', key, -start - limit, -start - 1)
    for i = #part, 1, -1 do
      ids[#ids + 1] = part[i]
      scores[#scores + 1] = ''
    end
  end
else
  local newest = state == 'completed' or state == 'failed'
  if #ARGV > 3 then
    local rank = redis.call(newest and 'ZREVRANK' or 'ZRANK', key, ARGV[4])
    if rank then
      start = rank + 1
    elseif newest then
      start = redis.call('ZCOUNT', key, '(' .. ARGV[3], '+inf')
    else
      start = redis.call('ZCOUNT', key, '-inf', '(' .. ARGV[3])
    end
  end
  local part = redis.call(newest and 'ZREVRANGE' or 'ZRANGE', key, start, start + limit - 1, 'WITHSCORES')
  for i = 1, #part, 2 do
    ids[#ids + 1] = part[i]
    scores[#scores + 1] = part[i + 1]
  end
end
for i, id in ipairs(ids) do
  results[i] = {id, redis.call('HGETALL', base .. id), scores[i]}
end
results[#results + 1] = start
return results
