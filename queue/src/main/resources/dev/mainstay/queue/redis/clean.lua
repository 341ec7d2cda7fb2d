--[[
  Removes jobs of one state but the next ones of job schedulers: first those that would be taken first, or finished first.
  BullMQ's own script looks at no more jobs than it may remove, whether they are old enough or not.

  KEYS[1] prefix of the queue's keys
  ARGV[1] wait, paused, prioritized, delayed, completed or failed
  ARGV[2] only those added (finished, if they have) at or before this time
  ARGV[3] how many at most
  ARGV[4] '1' to tell how many

  Returns their ids
]]
local rcall = redis.call
--- @bullmq "isJobSchedulerJob"
--- @bullmq "removeJob"

local PART = 1000
local base, state, before, limit = KEYS[1], ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local key, repeats = base .. state, base .. 'repeat'
local list = state == 'wait' or state == 'paused'
local finished = state == 'completed' or state == 'failed'
local names = {wait = 'waiting', paused = 'waiting', prioritized = 'waiting'}
-- Takes the place of an id until the end: removing each from a long list would look through all of it.
local GONE = ''

local function goes(id)
  local times = rcall('HMGET', base .. id, 'finishedOn', 'timestamp')
  local time = tonumber((finished and times[1]) or times[2] or '0')
  return time <= before and (finished or not isJobSchedulerJob(id, base .. id, repeats))
end

-- The ids from a place on, that which is taken first first.
local function part(start)
  if not list then
    return rcall('ZRANGE', key, start, start + PART - 1)
  end
  local ids = {}
  if start < rcall('LLEN', key) then
    local backwards = rcall('LRANGE', key, -start - PART, -start - 1)
    for i = #backwards, 1, -1 do
      ids[#ids + 1] = backwards[i]
    end
  end
  return ids
end

local removed = {}
local start = 0
local ids = part(start)
while #ids > 0 and #removed < limit do
  for i, id in ipairs(ids) do
    if #removed < limit and goes(id) then
      -- Softly: else a parent in this queue that waits for no other child would be removed too.
      removeJob(id, false, base, true)
      removed[#removed + 1] = id
      if list then
        rcall('LSET', key, -start - i, GONE)
      end
    end
  end
  start = start + #ids
  ids = part(start)
end
if #removed > 0 then
  if list then
    rcall('LREM', key, 0, GONE)
  else
    rcall('ZREM', key, unpack(removed))
  end
  rcall('HDEL', base .. 'mainstay:cancel', unpack(removed))
  for _, id in ipairs(removed) do
    rcall('XADD', base .. 'events', '*', 'event', 'removed', 'jobId', id, 'prev', names[state] or state)
  end
  if ARGV[4] == '1' then
    rcall('XADD', base .. 'events', '*', 'event', 'cleaned', 'count', #removed)
  end
end
return removed
