--[[
  Makes a completed or failed job wait.

  KEYS[1] prefix of the queue's keys
  ARGV[1] job id
  ARGV[2] now

  Returns the state in which the job was; 'unknown' if there is none
]]
--- @include "again"
--- @include "find"

local state = find(KEYS[1], ARGV[1])[2]
if state == 'completed' or state == 'failed' then
  again(KEYS[1], ARGV[1], state, ARGV[2])
end
return state
