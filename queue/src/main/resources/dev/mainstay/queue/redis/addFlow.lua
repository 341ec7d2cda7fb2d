--[[
  Adds the jobs of flows, all of them or none; each parent stands before its children.

  KEYS[1] prefix of the keys of the queue of the job to which the roots become children, if there is one
  ARGV[1] now
  ARGV[2] id of that job, or ''
  ARGV[3] token of its lease
  ARGV[4] how many children a job may have
  ARGV, then eight for each job: prefix of its queue's keys; its id; place of its parent from 1, 0 for none; 'parent',
  'standard', 'delayed' or 'prioritized'; BullMQ's arguments (msgpack) but those about its parent; what its parent does
  when it fails, as BullMQ's option, or ''; the data; the options (msgpack)

  Returns {'lost'} if the lease is not held, {'elsewhere', queue's prefix, id} if a job has another parent, {'many',
  children} if the job would have too many; else {'added', …} with, for each job, '' if it is below one that was there,
  its id if it was added, else {id, hash, state, score in 'delayed'}
]]
--- @bullmq "addParentJob-6"
--- @bullmq "addStandardJob-9"
--- @bullmq "addDelayedJob-6"
--- @bullmq "addPrioritizedJob-9"
--- @bullmq "releaseParentIfNoPendingDependencies-2"
--- @include "find"
--- @include "lock"

local STRIDE, FIRST = 8, 5
local now, owner = ARGV[1], ARGV[2] ~= '' and KEYS[1] .. ARGV[2]
if owner and heldLock(owner, ARGV[3]) == '' then
  return {'lost'}
end

local jobs = {}
for i = FIRST, #ARGV, STRIDE do
  jobs[#jobs + 1] = {base = ARGV[i], id = ARGV[i + 1], parent = tonumber(ARGV[i + 2]), kind = ARGV[i + 3],
    arguments = ARGV[i + 4], onFailure = ARGV[i + 5], data = ARGV[i + 6], options = ARGV[i + 7],
    key = ARGV[i] .. ARGV[i + 1]}
end

local function parentKey(job)
  if job.parent > 0 then
    return jobs[job.parent].key
  end
  return owner
end

local function livingParent(key)
  local above = redis.call('HGET', key, 'parentKey')
  return above and above ~= '' and redis.call('EXISTS', above) == 1 and above
end

-- Whether a job is above the one that gets children: it would wait for itself.
local function above(key)
  local at = owner
  while at do
    if at == key then
      return true
    end
    at = livingParent(at)
  end
  return false
end

-- Everything that can go wrong, before anything is changed.
local seen, roots = {}, 0
for place, job in ipairs(jobs) do
  if job.parent == 0 then
    roots = roots + 1
  end
  job.below = job.parent > 0 and (jobs[job.parent].below or jobs[job.parent].there)
  if not job.below then
    local first = seen[job.key]
    local exists = redis.call('EXISTS', job.key) == 1
    job.there = exists or first ~= nil
    local wanted = parentKey(job)
    if first then
      if jobs[first].parent ~= job.parent then
        return {'elsewhere', job.base, job.id}
      end
    elseif exists and wanted then
      local living = livingParent(job.key)
      if above(job.key) or (living and living ~= wanted) then
        return {'elsewhere', job.base, job.id}
      end
    end
    seen[job.key] = first or place
  end
end
if owner then
  local children = redis.call('SCARD', owner .. ':dependencies') + redis.call('HLEN', owner .. ':processed')
    + redis.call('HLEN', owner .. ':failed') + redis.call('ZCARD', owner .. ':unsuccessful')
  if children + roots > tonumber(ARGV[4]) then
    return {'many', children + roots}
  end
end

local functions = {parent = addParentJob, standard = addStandardJob, delayed = addDelayedJob,
  prioritized = addPrioritizedJob}
local keysOf = {}
local function keys(base, kind)
  if not keysOf[base] then
    local wait, meta, id, completed = base .. 'wait', base .. 'meta', base .. 'id', base .. 'completed'
    local delayed, active, events, marker = base .. 'delayed', base .. 'active', base .. 'events', base .. 'marker'
    keysOf[base] = {
      parent = {meta, id, delayed, base .. 'waiting-children', completed, events},
      standard = {wait, base .. 'paused', meta, id, completed, delayed, active, events, marker},
      delayed = {marker, meta, id, delayed, completed, events},
      prioritized = {marker, meta, id, base .. 'prioritized', delayed, completed, active, events, base .. 'pc'},
    }
  end
  return keysOf[base][kind]
end

local results = {'added'}
for _, job in ipairs(jobs) do
  if job.below then
    results[#results + 1] = ''
  else
    local arguments = cmsgpack.unpack(job.arguments)
    local options = job.options
    local parent = parentKey(job)
    if parent then
      local base = job.parent > 0 and jobs[job.parent].base or KEYS[1]
      arguments[5] = parent
      arguments[6] = parent .. ':dependencies'
      arguments[7] = {id = job.parent > 0 and jobs[job.parent].id or ARGV[2], queueKey = string.sub(base, 1, -2)}
      if job.onFailure ~= '' then
        arguments[7][job.onFailure] = true
      end
      local unpacked = cmsgpack.unpack(options)
      unpacked['parent'] = {id = arguments[7].id, queue = arguments[7].queueKey}
      options = cmsgpack.pack(unpacked)
    end
    arguments[10] = 1
    local added = functions[job.kind](keys(job.base, job.kind), {cmsgpack.pack(arguments), job.data, options})
    if job.there or added ~= job.id then
      local found = find(job.base, added)
      results[#results + 1] = {added, found[1], found[2], found[3]}
    else
      results[#results + 1] = added
    end
  end
end
-- Those whose children were all there, and had completed, or were refused.
for _, job in ipairs(jobs) do
  if job.kind == 'parent' and not job.below and not job.there then
    releaseParentIfNoPendingDependencies({job.key, job.key .. ':dependencies'},
      {string.sub(job.base, 1, -2), job.id, now})
  end
end
return results
