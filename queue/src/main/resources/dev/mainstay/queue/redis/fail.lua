--- @bullmq "moveToFinished-14"

-- Which finished jobs one keeps, as its options say.
local function kept(base, id)
  local options = cjson.decode(redis.call('HGET', base .. id, 'opts') or '{}')
  local keep = options['removeOnFail']
  if type(keep) == 'table' then
    return keep, options
  elseif type(keep) == 'number' then
    return {count = keep}, options
  end
  return {count = keep == true and 0 or -1}, options
end

-- Fails a job of the active list for good, whoever has its lock. It counts as an attempt if `counts` is true.
local function fail(base, id, reason, now, maxMetricsSize, counts)
  local job = base .. id
  redis.call('DEL', job .. ':lock')
  redis.call('SREM', base .. 'stalled', id)
  redis.call('HDEL', base .. 'mainstay:cancel', id)
  local keepJobs, options = kept(base, id)
  moveToFinished(
    {base .. 'wait', base .. 'active', base .. 'prioritized', base .. 'events', base .. 'stalled', base .. 'limiter',
      base .. 'delayed', base .. 'paused', base .. 'meta', base .. 'pc', base .. 'failed', job, base .. 'metrics:failed',
      base .. 'marker'},
    {id, now, 'failedReason', reason, 'failed', '0', base,
      cmsgpack.pack({token = '0', keepJobs = keepJobs, attempts = options['attempts'] or 0,
        maxMetricsSize = maxMetricsSize, fpof = options['fpof'] or false, cpof = options['cpof'] or false,
        idof = options['idof'] or false, rdof = options['rdof'] or false}),
      ''})
  if not counts and redis.call('EXISTS', job) == 1 then
    redis.call('HINCRBY', job, 'atm', -1)
  end
end
