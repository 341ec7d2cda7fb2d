--- @bullmq "reprocessJob-9"

-- Makes a finished job wait; first for its children, if some are not done, which BullMQ's script leaves out.
local function again(base, id, state, now)
  local options = cjson.decode(redis.call('HGET', base .. id, 'opts') or '{}')
  redis.call('HDEL', base .. 'mainstay:cancel', id)
  local result = reprocessJob(
    {base .. id, base .. 'events', base .. state, base .. 'wait', base .. 'meta', base .. 'active', base .. 'marker',
      base .. 'prioritized', base .. 'pc'},
    {id, options['lifo'] == true and 'RPUSH' or 'LPUSH', state == 'failed' and 'failedReason' or 'returnvalue', state,
      '0', '0'})
  if result == 1 and redis.call('SCARD', base .. id .. ':dependencies') > 0 then
    if redis.call('ZREM', base .. 'prioritized', id) == 0 then
      redis.call('LREM', base .. 'wait', options['lifo'] == true and -1 or 1, id)
    end
    redis.call('ZADD', base .. 'waiting-children', now, id)
    redis.call('XADD', base .. 'events', '*', 'event', 'waiting-children', 'jobId', id, 'prev', 'waiting')
  end
  return result
end
