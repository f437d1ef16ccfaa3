-- Part of every script: names of keys, the clock, events.
-- KEYS[1] is the queue's base, "<prefix>:<queue>:"; all other keys are made from it, so that they
-- share its hash slot on a cluster.
local base = KEYS[1]
local call = redis.call

-- For what others may have spoilt and a job's way must not depend on: nil instead of an error. Redis
-- rolls nothing back, so an error halfway would leave what a script has done so far.
local function try(...)
  local result = redis.pcall(...)
  return not (type(result) == 'table' and result.err) and result or nil
end

-- Milliseconds since the epoch by Redis's clock: the only clock of all nodes.
local function clock()
  local time = call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local now = clock()

-- Lua itself writes large numbers, such as scores, with 14 digits and an exponent.
local function digits(number)
  return string.format('%.0f', number)
end

local function job_key(id)
  return base .. id
end

-- False for ids whose hash is gone (ghosts) and for keys that are something else. Both occur in lists
-- that others write.
local function is_job(id)
  return try('HEXISTS', job_key(id), 'name') == 1
end

-- A count that others may have written: 0 when it is none, and never so large that 1 more is lost.
local function to_count(text)
  local number = tonumber(text or '') or 0
  return number > 0 and math.min(math.floor(number), 9e15) or 0
end

-- As HINCRBY, but a field that holds no count starts from 0 instead of breaking the script off.
local function increment(key, field)
  local value = to_count(call('HGET', key, field)) + 1
  call('HSET', key, field, digits(value))
  return value
end

-- Reading longer ones would block Redis.
local largest_json = 1048576

-- An object or a list that others wrote; empty when it can't be read.
local function decode(text)
  if not text or #text > largest_json then
    return {}
  end
  local readable, value = pcall(cjson.decode, text)
  return readable and type(value) == 'table' and value or {}
end

local function read_options(id)
  return decode(call('HGET', job_key(id), 'opts'))
end

local function emit(event, ...)
  try('XADD', base .. 'events', '*', 'event', event, ...)
end

local function read_max_events()
  local max = try('HGET', base .. 'meta', 'opts.maxLenEvents')
  if not max then
    try('HSET', base .. 'meta', 'opts.maxLenEvents', '10000')
  end
  max = tonumber(max or '') or -1
  return digits(max >= 0 and math.min(math.floor(max), 1e9) or 10000)
end

-- It stays the same within a script.
local known_max_events = {}

local function max_events()
  known_max_events[base] = known_max_events[base] or read_max_events()
  return known_max_events[base]
end

local function trim_events()
  try('XTRIM', base .. 'events', 'MAXLEN', '~', max_events())
end

local function emit_and_trim(event, ...)
  try('XADD', base .. 'events', 'MAXLEN', '~', max_events(), '*', 'event', event, ...)
end
