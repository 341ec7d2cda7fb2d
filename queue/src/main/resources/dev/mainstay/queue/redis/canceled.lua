--[[
  KEYS[1] prefix of the queue's keys
  ARGV[1] worker id

  Returns {token, reason} for each active job of the worker that someone has canceled
]]
local base = KEYS[1]
local cancel = base .. 'mainstay:cancel'
local marks = redis.call('HGETALL', cancel)
local results = {}
for i = 1, #marks, 2 do
  local id = marks[i]
  local lock = redis.call('GET', base .. id .. ':lock')
  if lock then
    local worker, token = string.match(lock, '^mainstay:(.*):[^:]*:(%d+)$')
    if worker == ARGV[1] then
      results[#results + 1] = {token, marks[i + 1]}
    end
  elseif redis.call('EXISTS', base .. id) == 0 or redis.call('ZSCORE', base .. 'completed', id)
    or redis.call('ZSCORE', base .. 'failed', id) then
    -- A worker of another kind had it, who knows of no marks.
    redis.call('HDEL', cancel, id)
  end
end
return results
