--[[
  Changes the priority of a job that waits or is delayed.

  KEYS[1] prefix of the queue's keys
  ARGV[1] job id
  ARGV[2] priority
  ARGV[3] '1' for last in, first out

  Returns the state in which the job was; 'unknown' if there is none
]]
--- @bullmq "changePriority-7"
--- @include "find"

local base, id = KEYS[1], ARGV[1]
local state = find(base, id)[2]
if state == 'waiting' or state == 'prioritized' or state == 'delayed' then
  changePriority({base .. 'wait', base .. 'paused', base .. 'meta', base .. 'prioritized', base .. 'active',
    base .. 'pc', base .. 'marker'}, {ARGV[2], base, id, ARGV[3]})
end
return state
