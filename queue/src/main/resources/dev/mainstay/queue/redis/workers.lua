--[[
  KEYS[1] prefix of the queue's keys
  ARGV[1] workers that were last seen then, or before, are left out
  ARGV[2] how many active jobs are looked at, the oldest first

  Returns {{what a worker tells, when it was seen}, {id of an active job, name of the worker that has it}}
]]
local base = KEYS[1]
local workers, jobs = {}, {}
local seen = redis.call('ZRANGEBYSCORE', base .. 'mainstay:seen', '(' .. ARGV[1], '+inf', 'WITHSCORES')
for i = 1, #seen, 2 do
  workers[#workers + 1] = {redis.call('HGET', base .. 'mainstay:workers', seen[i]) or '', seen[i + 1]}
end
local active = redis.call('LRANGE', base .. 'active', -tonumber(ARGV[2]), -1)
for i = #active, 1, -1 do
  jobs[#jobs + 1] = {active[i], redis.call('HGET', base .. active[i], 'pb') or ''}
end
return {workers, jobs}
