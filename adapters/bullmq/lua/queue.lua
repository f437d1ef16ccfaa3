-- Part of every script: names of keys, the clock, events.
-- KEYS[1] is the queue's base, "<prefix>:<queue>:"; all other keys are made from it, so that they
-- share its hash slot on a cluster.
local base = KEYS[1]
local call = redis.call

-- The first key that was met which is something else than its place is for, without `base`; '' for none.
local spoilt = ''

-- For what others may have spoilt and a job's way must not depend on: nil instead of an error. Redis
-- rolls nothing back, so an error halfway would leave what a script has done so far.
local function try(command, key, ...)
  local result = redis.pcall(command, key, ...)
  if type(result) ~= 'table' or not result.err then
    return result or nil
  end
  if spoilt == '' and string.find(result.err, 'WRONGTYPE', 1, true) and string.sub(key, 1, #base) == base then
    spoilt = string.sub(key, #base + 1)
  end
end

-- Milliseconds since the epoch by Redis's clock: the only clock of all nodes.
local function clock()
  local time = call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local now = clock()

-- A part of a script that few calls need. Its functions are made at the first use: to make all of a long script's
-- takes longer than what most calls do with them.
local function rarely(make)
  local made
  return function()
    made = made or make()
    return made
  end
end

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

-- Ids that were taken out of a structure because `is_job` denies them.
local ghosts = 0

local function count_ghost(id)
  ghosts = ghosts + 1
  if spoilt == '' and call('EXISTS', job_key(id)) == 1 then
    spoilt = id
  end
end

-- A count that others may have written: 0 when it is none, and never so large that 1 more is lost.
local function to_count(text)
  local number = tonumber(text or '') or 0
  return number > 0 and math.min(math.floor(number), 9e15) or 0
end

-- As HINCRBY, but a field that holds no count starts from 0 instead of breaking the script off.
local function increment(key, field)
  local value = try('HINCRBY', key, field, 1)
  if not value or value < 1 or value > 9e15 then
    value = to_count(call('HGET', key, field)) + 1
    call('HSET', key, field, digits(value))
  end
  return value
end

local function by_name(names, values)
  local fields = {}
  for i, value in ipairs(values) do
    fields[names[i]] = value
  end
  return fields
end

-- Those fields of a hash, by name; what is not there is false.
local function read_fields(key, names)
  return by_name(names, call('HMGET', key, unpack(names)))
end

-- Likewise of a job, of which `name` must be asked for; nil for what `is_job` denies.
local function read_job(id, names)
  local job = by_name(names, try('HMGET', job_key(id), unpack(names)) or {})
  return job.name and job or nil
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

-- `progress` is JSON. The events are trimmed at each end of a job and at each look for stalled ones.
local function emit_progress(id, progress)
  emit('progress', 'jobId', id, 'data', progress)
end

-- What is said of the queue as a whole, by field. It stays the same within a script, but for one that changes it.
local known_rules = {}

local function rules()
  known_rules[base] = known_rules[base] or
                      read_fields(base .. 'meta', {'paused', 'concurrency', 'version', 'max', 'duration',
                                                   'opts.maxLenEvents'})
  return known_rules[base]
end

local function forget_rules()
  known_rules[base] = nil
end

local function max_events()
  local readable, known = pcall(rules)
  local max = readable and known['opts.maxLenEvents']
  if not max then
    max = '10000'
    if readable then
      try('HSET', base .. 'meta', 'opts.maxLenEvents', max)
      known['opts.maxLenEvents'] = max
    end
  end
  max = tonumber(max) or -1
  return digits(max >= 0 and math.min(math.floor(max), 1e9) or 10000)
end

local function trim_events()
  try('XTRIM', base .. 'events', 'MAXLEN', '~', max_events())
end

local function emit_and_trim(event, ...)
  try('XADD', base .. 'events', 'MAXLEN', '~', max_events(), '*', 'event', event, ...)
end
