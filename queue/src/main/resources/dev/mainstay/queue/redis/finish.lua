--- @include "fail"
--- @include "lock"

-- Ends an attempt for good, as 'completed' or 'failed'; one that completes before its children fails. Returns 0, or
-- BullMQ's negative code.
local function finish(base, id, kind, at, token, value, packed, fields)
  local job = base .. id
  local options = cmsgpack.unpack(packed)
  options['token'] = heldLock(job, token)

  local function move(target, text)
    return moveToFinished(
      {base .. 'wait', base .. 'active', base .. 'prioritized', base .. 'events', base .. 'stalled', base .. 'limiter',
        base .. 'delayed', base .. 'paused', base .. 'meta', base .. 'pc', base .. target, job,
        base .. 'metrics:' .. target, base .. 'marker'},
      {id, at, target == 'completed' and 'returnvalue' or 'failedReason', text, target, '0', base,
        cmsgpack.pack(options), fields})
  end

  local result = move(kind, value)
  if result == -4 or result == -9 then
    options['keepJobs'] = kept(base, id)
    result = move('failed', redis.call('HGET', job, 'defa') or 'completed before its children were done')
  end
  return result
end
