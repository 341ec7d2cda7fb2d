-- The lock on a job if it ends in this token, else ''.
local function heldLock(job, token)
  local lock = redis.call('GET', job .. ':lock')
  if lock and string.match(lock, '^mainstay:.*:(%d+)$') == token then
    return lock
  end
  return ''
end
