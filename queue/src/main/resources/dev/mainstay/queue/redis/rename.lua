-- Moves one key to where its queue is called otherwise, and changes what it knows of jobs of such queues.
-- KEYS[1] a key; ARGV the beginnings of keys of queues, by twos: as they are, as they shall be.
-- Answers 1, 0 if the key is gone or of no such queue, -1 if the other key is there.
local from = KEYS[1]

local function renamed(key)
  for i = 1, #ARGV, 2 do
    local base = ARGV[i]
    if string.sub(key, 1, #base) == base then
      return ARGV[i + 1] .. string.sub(key, #base + 1)
    end
  end
  return nil
end

local function ends(text)
  return string.sub(from, -#text) == text
end

-- A hash by the keys of children.
local function children()
  local fields = redis.call('HGETALL', from)
  for i = 1, #fields, 2 do
    local other = renamed(fields[i])
    if other then
      redis.call('HDEL', from, fields[i])
      redis.call('HSET', from, other, fields[i + 1])
    end
  end
end

local function parent()
  local key = redis.call('HGET', from, 'parentKey')
  local other = key and renamed(key)
  if not other then
    return
  end
  redis.call('HSET', from, 'parentKey', other)
  local text = redis.call('HGET', from, 'parent')
  local decoded, value = pcall(cjson.decode, text or '')
  if decoded and type(value) == 'table' and type(value.queueKey) == 'string' then
    local queue = renamed(value.queueKey .. ':')
    if queue then
      value.queueKey = string.sub(queue, 1, -2)
      redis.call('HSET', from, 'parent', cjson.encode(value))
    end
  end
end

local to = renamed(from)
local kind = redis.call('TYPE', from).ok
if kind == 'none' or not to then
  return 0
end
if redis.call('EXISTS', to) == 1 then
  return -1
end
if kind == 'hash' then
  if ends(':processed') or ends(':failed') then
    children()
  end
  parent()
elseif kind == 'set' and ends(':dependencies') then
  for _, child in ipairs(redis.call('SMEMBERS', from)) do
    local other = renamed(child)
    if other then
      redis.call('SREM', from, child)
      redis.call('SADD', from, other)
    end
  end
elseif kind == 'zset' and ends(':unsuccessful') then
  local children = redis.call('ZRANGE', from, 0, -1, 'WITHSCORES')
  for i = 1, #children, 2 do
    local other = renamed(children[i])
    if other then
      redis.call('ZREM', from, children[i])
      redis.call('ZADD', from, children[i + 1], other)
    end
  end
end
redis.call('RENAME', from, to)
return 1
