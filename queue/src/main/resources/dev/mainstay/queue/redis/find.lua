--- @bullmq "getStateV2-8"

-- A job as {hash, state, score in 'delayed'}; the hash is empty if there is none.
local function find(base, id)
  -- Beside jobs there are keys of other kinds, by whose names somebody may ask.
  if redis.call('TYPE', base .. id).ok ~= 'hash' then
    return {{}, 'unknown', ''}
  end
  local hash = redis.call('HGETALL', base .. id)
  if #hash == 0 then
    return {hash, 'unknown', ''}
  end
  local delayed = base .. 'delayed'
  local state = getStateV2({base .. 'completed', base .. 'failed', delayed, base .. 'active', base .. 'wait',
    base .. 'paused', base .. 'waiting-children', base .. 'prioritized'}, {id})
  local score = ''
  if state == 'delayed' then
    score = redis.call('ZSCORE', delayed, id)
  end
  return {hash, state, score}
end
