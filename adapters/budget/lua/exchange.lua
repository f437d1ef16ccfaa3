-- The pace of one API key, for all who share it: takes reports, gives permits.
-- A permit is a time by Redis's clock, the only clock of all nodes, at which one request may go out. No
-- stretch of any window's length holds more of them than the window allows.
-- KEYS: state (hash), grants (list of the times given out, oldest first).
-- ARGV: wanted, lead ms, a fresh generation, known generation, known count, "1" when the caller saw the clock
-- step, time of the newest permit that the API honoured, "1" when a probe was honoured; number of windows and
-- for each its requests, the ms it is watched for, its own ms (0: only spreads requests); number of unused
-- permits and their times; number of refused ones and for each its time, the wait in ms, "1" for a probe.
-- Answers {now, generation, count, ms until another permit can be had, share in thousandths, ms until the
-- pace opens, 1 when the last permit is a probe, times...}.
local state, grants = KEYS[1], KEYS[2]
local call = redis.call

local horizon = 500 -- permits are given for so far ahead, ms: who dies loses no more
local probation = 3500 -- a new state waits so long for those who know an older one
-- How long after the first, second ... refusal one request more is tried; and after one that went well.
local probe_waits, next_probe = {15000, 15000, 30000, 30000, 60000}, 1000
local parts = {2, 3, 5, 8, 13, 21} -- of a window that is refused a half is left, then a third ...
local narrow = 1.05 -- a reduced window is watched for no more than so many times its length
local circuit_after, circuit_ms, longest_wait, longest_lead = 5, 60000, 120000, 1000

local clock = call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local place = 0
local function argument()
  place = place + 1
  return ARGV[place]
end
local function number()
  return tonumber(argument()) or 0
end
local function digits(value)
  return string.format('%.0f', value)
end

local wanted, lead = number(), math.min(number(), longest_lead)
local fresh, known, known_count = argument(), argument(), number()
local stepped, honoured, probe_honoured = argument() == '1', number(), argument() == '1'

-- Of each window of the API `limit` requests are used. `proven`: so many of them are known to be allowed.
local fields = {'count', 'open_at', 'shrunk_at', 'refused_in_row', 'refusals', 'probe', 'probe_at', 'risen_at'}
local windows, apart, longest, most = {}, 0, 0, 0
for _ = 1, number() do
  local window = {requests = number(), watched = number(), period = number()}
  if window.period == 0 then
    apart = math.floor(window.watched / window.requests)
  else
    local name = window.requests .. '/' .. window.period
    window.limit_field, window.proven_field = 'limit:' .. name, 'proven:' .. name
    fields[#fields + 1], fields[#fields + 2] = window.limit_field, window.proven_field
    windows[#windows + 1] = window
    longest, most = math.max(longest, window.watched), math.max(most, window.requests)
  end
end
table.sort(windows, function(a, b) return a.period < b.period end)

local generation = call('HGET', state, 'generation')
local kept = {}
for i, value in ipairs(call('HMGET', state, unpack(fields))) do
  kept[fields[i]] = generation and tonumber(value) or 0
end
for _, window in ipairs(windows) do
  local limit, proven = kept[window.limit_field], kept[window.proven_field]
  window.limit = limit > 0 and math.min(limit, window.requests) or window.requests
  window.proven = proven > 0 and math.min(proven, window.limit) or window.limit
end

local function hold_until(when)
  kept.open_at = math.max(kept.open_at, when)
end

local newest = tonumber(call('LINDEX', grants, -1) or 0)
if newest > now + 2 * horizon + longest_lead then -- the clock went back: what was granted when can't be told
  call('DEL', grants)
  kept.open_at, kept.shrunk_at, kept.probe_at, kept.risen_at = 0, 0, 0, 0
  stepped = true
end
if not generation then
  generation = fresh
  call('DEL', grants)
  hold_until(now + probation)
end
-- The caller knows of grants that this state does not: Redis lost some, or all.
local lost = known ~= '' and (known ~= generation or known_count > kept.count)
if lost or stepped then
  hold_until(now + longest)
end

for _ = 1, number() do
  local at = argument()
  call('LREM', grants, -1, at)
  kept.probe_at = tonumber(at) == kept.probe and now or kept.probe_at
end

-- Of the windows' requests that is used, in thousandths: 1000 when no window is reduced.
local function share()
  local least = 1000
  for _, window in ipairs(windows) do
    least = math.min(least, math.floor(1000 * window.limit / window.requests))
  end
  return least
end

local function granted_until(time)
  local low, high = 0, call('LLEN', grants)
  while low < high do
    local middle = math.floor((low + high) / 2)
    local is_later = tonumber(call('LINDEX', grants, middle)) > time
    low, high = is_later and low or middle + 1, is_later and middle or high
  end
  return low
end

-- How many other requests the window held when that one went out.
local function held(window, at)
  return math.max(0, granted_until(at) - granted_until(at - window.period) - 1)
end

local function probe_later()
  kept.probe_at = now + probe_waits[math.max(1, math.min(kept.refusals, #probe_waits))]
end

-- While a limit is tried that was raised lately, a refusal says what the true one is.
local function found_limit(at)
  for _, window in ipairs(windows) do
    local count = held(window, at)
    if count >= window.proven and window.proven < window.limit then
      window.limit = math.min(count, window.limit)
      window.proven = window.limit
      return true
    end
  end
  return false
end

-- Reduces the shortest window that held anything, and with it those that are shorter still. A pause empties
-- it: should the next request be refused as well, a longer window is meant.
local function reduce(at)
  local i = 1
  while i < #windows and held(windows[i], at) == 0 do
    i = i + 1
  end
  local window, part = windows[i], 1
  local most_left = math.min(held(window, at), window.limit - 1)
  while part < #parts and math.floor(window.requests / parts[part]) > most_left do
    part = part + 1
  end
  for place = 1, i do
    local each = windows[place]
    each.limit = math.min(each.limit, math.max(1, math.floor(each.requests / parts[part])))
    each.proven = each.limit
  end
  hold_until(i < #windows and now + window.watched or 0)
  kept.refused_in_row = kept.refused_in_row + 1
  hold_until(kept.refused_in_row >= circuit_after and now + circuit_ms or 0)
end

for _ = 1, number() do
  local at, wait, probe = number(), number(), argument() == '1'
  hold_until(now + math.min(wait, longest_wait))
  if probe or at > kept.shrunk_at then -- else it went out before everyone slowed down
    local rising = at < kept.risen_at + longest
    kept.refusals = (rising or share() < 1000) and kept.refusals + 1 or 1
    probe_later()
    if not probe then
      kept.shrunk_at = math.max(now, tonumber(call('LINDEX', grants, -1) or 0))
      if not (rising and found_limit(at)) then
        reduce(at)
      end
    end
  end
end
kept.refused_in_row = honoured > kept.shrunk_at and 0 or kept.refused_in_row
if probe_honoured and share() < 1000 then
  for _, window in ipairs(windows) do
    local count, limit = held(window, kept.probe), window.limit
    if limit < window.requests and count >= limit then
      window.limit = math.min(window.requests, math.floor(limit * 3 / 2) + 1)
      window.proven = math.min(window.limit, count + 1)
    end
  end
  kept.risen_at, kept.probe_at = now, now + next_probe
end

local last = tonumber(call('LINDEX', grants, -1) or 0)

-- When one more may follow `requests` within `span`.
local function after(requests, span)
  return tonumber(call('LINDEX', grants, -requests) or -span) + span
end

local function next_time()
  local at, gap = math.max(now + lead, kept.open_at), apart
  for i, window in ipairs(windows) do
    local reduced = window.limit < window.requests
    local watched = math.min(window.watched, reduced and math.floor(window.period * narrow) or math.huge)
    gap = reduced and i == 1 and apart > 0 and math.max(apart, math.floor(watched / window.limit)) or gap
    at = math.max(at, after(window.limit, watched))
  end
  return math.max(at, last + gap)
end

-- When a request can be had that is one more than a reduced window allows, as the API would count: only such
-- a one finds out whether more are allowed again. Never while all are refused.
local function probe_time()
  local at, beyond = math.max(now + lead, kept.open_at, last, kept.probe_at), false
  for _, window in ipairs(windows) do
    at = math.max(at, after(window.requests, window.watched))
  end
  for _, window in ipairs(windows) do
    beyond = beyond or (window.limit < window.requests and at < after(window.limit, window.period))
  end
  return beyond and kept.refused_in_row == 0 and at or math.huge
end

local function grant(at)
  call('RPUSH', grants, digits(at))
  last, kept.count = at, kept.count + 1
  return digits(at)
end

local permits, latest, next_in, is_probe = {}, now + lead + horizon, 0, 0
while #permits < wanted do
  local at = next_time()
  if at > latest then
    local probe = probe_time()
    if probe <= latest then
      permits[#permits + 1] = grant(probe)
      is_probe, kept.probe = 1, probe
      probe_later()
    end
    next_in = math.max(0, math.min(at, probe) - latest)
    break
  end
  permits[#permits + 1] = grant(at)
end
call('LTRIM', grants, -2 * most, -1) -- some of the newest may come back unused

for _, window in ipairs(windows) do
  kept[window.limit_field], kept[window.proven_field] = window.limit, window.proven
end
local values = {'generation', generation}
for _, field in ipairs(fields) do
  values[#values + 1], values[#values + 2] = field, digits(kept[field])
end
call('HSET', state, unpack(values))
call('PEXPIRE', state, digits(10 * longest + 30 * 86400000))
call('PEXPIRE', grants, digits(2 * longest))
return {now, generation, kept.count, next_in, share(), math.max(0, kept.open_at - now), is_probe, unpack(permits)}
