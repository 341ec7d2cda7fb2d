--- @bullmq "reprocessJob-9"

-- Makes a finished job wait.
local function again(base, id, state)
  local options = cjson.decode(redis.call('HGET', base .. id, 'opts') or '{}')
  redis.call('HDEL', base .. 'mainstay:cancel', id)
  return reprocessJob(
    {base .. id, base .. 'events', base .. state, base .. 'wait', base .. 'meta', base .. 'active', base .. 'marker',
      base .. 'prioritized', base .. 'pc'},
    {id, options['lifo'] == true and 'RPUSH' or 'LPUSH', state == 'failed' and 'failedReason' or 'returnvalue', state,
      '0', '0'})
end
