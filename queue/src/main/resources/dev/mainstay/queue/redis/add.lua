--[[
  Adds jobs, all of them or none, and tells which were there.

  KEYS[1] prefix of the queue's keys, with the colon
  ARGV, four for each job: 'standard', 'delayed' or 'prioritized'; BullMQ's arguments (msgpack); the data; the options
  (msgpack)

  Returns for each its id if it was added, else {id, hash, state, score in 'delayed'}, or BullMQ's negative code
]]
--- @bullmq "addStandardJob-9"
--- @bullmq "addDelayedJob-6"
--- @bullmq "addPrioritizedJob-9"
--- @include "find"

local base = KEYS[1]
local wait, meta, id, completed = base .. 'wait', base .. 'meta', base .. 'id', base .. 'completed'
local delayed, active, events, marker = base .. 'delayed', base .. 'active', base .. 'events', base .. 'marker'

local functions = {
  standard = addStandardJob,
  delayed = addDelayedJob,
  prioritized = addPrioritizedJob,
}
local keys = {
  standard = {wait, base .. 'paused', meta, id, completed, delayed, active, events, marker},
  delayed = {marker, meta, id, delayed, completed, events},
  prioritized = {marker, meta, id, base .. 'prioritized', delayed, completed, active, events, base .. 'pc'},
}

local results = {}
for i = 1, #ARGV, 4 do
  local kind = ARGV[i]
  local wanted = cmsgpack.unpack(ARGV[i + 1])[2]
  local there = wanted ~= '' and redis.call('EXISTS', base .. wanted) == 1
  local added = functions[kind](keys[kind], {ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]})
  if type(added) == 'number' then
    results[#results + 1] = added
  else
    local own = wanted
    if own == '' then
      own = redis.call('GET', id)
    end
    if there or added ~= own then
      local found = find(base, added)
      results[#results + 1] = {added, found[1], found[2], found[3]}
    else
      results[#results + 1] = added
    end
  end
end
return results
