-- Part of every script: names of keys, the clock, events.
-- KEYS[1] is the queue's base, "<prefix>:<queue>:"; all other keys are made from it, so that they
-- share its hash slot on a cluster.
local base = KEYS[1]
local call = redis.call

-- Milliseconds since the epoch by Redis's clock: the only clock of all nodes.
local function clock()
  local time = call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
local now = clock()

-- Lua would write 13 digits as 1.7e+12 when it joins strings.
local function digits(number)
  return string.format('%.0f', number)
end

local function job_key(id)
  return base .. id
end

local function emit(event, ...)
  call('XADD', base .. 'events', '*', 'event', event, ...)
end

local function max_events()
  local max = call('HGET', base .. 'meta', 'opts.maxLenEvents')
  if not max then
    max = '10000'
    call('HSET', base .. 'meta', 'opts.maxLenEvents', max)
  end
  return max
end

local function trim_events()
  call('XTRIM', base .. 'events', 'MAXLEN', '~', max_events())
end

local function emit_and_trim(event, ...)
  call('XADD', base .. 'events', 'MAXLEN', '~', max_events(), '*', 'event', event, ...)
end
