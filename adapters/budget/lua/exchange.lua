-- The pace of one API key, for all who share it: takes reports, gives permits.
-- A permit is a time by Redis's clock, the only clock of all nodes, at which one request may go out. No
-- stretch of any window's length holds more of them than the window allows.
-- KEYS: state (hash), grants (list of the times given out, oldest first), credits (hash), reserved (sorted set).
-- ARGV: wanted, lead ms, a fresh generation, known generation, known count, "1" when the caller saw the clock
-- step, time of the newest permit that the API honoured, "1" when a probe was honoured; the most that a page
-- costs, caps of a day and a month, the floor (-1: none), what the account has left, if it was just read; number
-- of windows and for each its requests, the ms it is watched for, its own ms (0: only spreads requests);
-- number of unused permits and their times; number of refused ones and for each its time, the wait in ms that
-- was asked for, "1" for a probe; number of pages whose cost is known and for each its permit's time and cost.
-- Answers {now, generation, count, ms until another permit can be had, share in thousandths, ms until the
-- pace opens, 1 when the last permit is a probe, spent today, spent this month, reserved, what the account has
-- left ("": unknown), why nothing may be spent (0: it may), for how many ms, times...}.
local state, grants, reserved = KEYS[1], KEYS[2], KEYS[4]
local call = redis.call

local horizon = 500 -- permits are given for so far ahead, ms: who dies loses no more
local probation = 3500 -- a new state waits so long for those who know an older one
local first_probe, last_probe, next_probe = 10000, 60000, 1000
local least_share = 50
local circuit_after, circuit_ms = 5, 60000
local longest_wait = 120000
local drained, drained_ms = 4, 30000 -- a key that the operator has taken out of use
local settling = 100 -- credits that are reserved may become free, ms

local time = call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

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

local longest_lead = 1000

local wanted, lead = number(), math.min(number(), longest_lead)
local fresh, known, known_count = argument(), argument(), number()
local stepped, honoured, probe_honoured = argument() == '1', number(), argument() == '1'
local credits = Credits.open(KEYS[3], reserved, now,
  {page = number(), per_day = number(), per_month = number(), floor = number()})
local account = tonumber(argument())
local windows, longest, most = {}, 0, 0
for i = 1, number() do
  windows[i] = {requests = number(), watched = number(), period = number()}
  longest = math.max(longest, windows[i].watched)
  most = math.max(most, windows[i].requests)
end

local fields = {'count', 'open_at', 'share', 'shrunk_at', 'probe_at', 'probe_wait', 'refused_in_row'}
local generation = call('HGET', state, 'generation')
local kept = {share = 1000}
if generation then
  for i, value in ipairs(call('HMGET', state, unpack(fields))) do
    kept[fields[i]] = tonumber(value) or kept[fields[i]]
  end
end
for _, field in ipairs(fields) do
  kept[field] = kept[field] or 0
end

local function hold_until(when)
  kept.open_at = math.max(kept.open_at, when)
end

local newest = tonumber(call('LINDEX', grants, -1) or 0)
if newest > now + 2 * horizon + longest_lead then -- the clock went back: what was granted when can't be told
  call('DEL', grants, reserved)
  kept.open_at, kept.shrunk_at, kept.probe_at = 0, 0, 0
  stepped = true
end
if not generation then
  generation = fresh
  call('DEL', grants)
  hold_until(now + probation)
end
-- The caller knows of grants that this state does not: Redis lost some, or all.
if known ~= '' and (known ~= generation or known_count > kept.count) then
  stepped = true
end
if stepped then
  hold_until(now + longest)
end

for _ = 1, number() do
  local at = argument()
  call('LREM', grants, -1, at)
  credits:settle(at, 0)
end
for _ = 1, number() do
  local at, wait, probe = number(), number(), argument() == '1'
  hold_until(now + math.min(wait, longest_wait))
  if probe then
    kept.probe_wait = math.min(2 * kept.probe_wait, last_probe)
    kept.probe_at = now + kept.probe_wait
  elseif at > kept.shrunk_at then -- else it went out before everyone slowed down
    kept.share = math.max(least_share, math.floor(kept.share / 2))
    kept.shrunk_at = math.max(now, tonumber(call('LINDEX', grants, -1) or 0))
    kept.probe_wait, kept.probe_at = first_probe, now + first_probe
    kept.refused_in_row = kept.refused_in_row + 1
    if kept.refused_in_row >= circuit_after then
      hold_until(now + circuit_ms)
    end
  end
end
for _ = 1, number() do
  credits:settle(argument(), number())
end
if account then
  credits:account(account)
end
if honoured > kept.shrunk_at then
  kept.refused_in_row = 0
end
if probe_honoured and kept.share < 1000 then
  kept.share = math.min(1000, math.floor(kept.share * 3 / 2) + 1)
  kept.probe_wait, kept.probe_at = first_probe, now + next_probe
end

local last = tonumber(call('LINDEX', grants, -1) or 0)

local function reduced(window)
  return math.max(1, math.floor(window.requests * kept.share / 1000))
end

-- Whether a request at that time is one more than the reduced windows allow, as the API would count. Only
-- such a one finds out whether they are wide again.
local function goes_beyond(at)
  for _, window in ipairs(windows) do
    local nth_last = call('LINDEX', grants, -reduced(window))
    if nth_last and at < tonumber(nth_last) + window.period then
      return true
    end
  end
  return false
end

-- When the next permit can be had with this share of the windows.
local function next_time(share)
  local at = math.max(now + lead, kept.open_at, last)
  for _, window in ipairs(windows) do
    local requests, watched = math.max(1, math.floor(window.requests * share / 1000)), window.watched
    if window.period == 0 then
      requests, watched = window.requests, math.floor(watched * 1000 / share)
    end
    local nth_last = call('LINDEX', grants, -requests)
    if nth_last then
      at = math.max(at, tonumber(nth_last) + watched)
    end
  end
  return at
end

local function grant(at)
  call('RPUSH', grants, digits(at))
  last, kept.count = at, kept.count + 1
  credits:reserve(digits(at), digits(kept.count))
  return digits(at)
end

local affordable, stop, stop_for = credits:afford(wanted)
if call('HGET', state, 'drained') then
  affordable, stop, stop_for = 0, drained, drained_ms
end
local permits, latest, next_in, is_probe = {}, now + lead + horizon, 0, 0
if affordable < wanted then
  next_in = math.max(settling, stop_for)
end
while #permits < affordable do
  local at = next_time(kept.share)
  if at <= latest then
    permits[#permits + 1] = grant(at)
  else
    next_in = at - latest
    if kept.share < 1000 and now >= kept.probe_at then
      local full = next_time(1000)
      if full <= latest and goes_beyond(full) then
        permits[#permits + 1] = grant(full)
        is_probe = 1
        kept.probe_at = now + math.max(kept.probe_wait, first_probe)
      end
    end
    break
  end
end
call('LTRIM', grants, digits(-math.max(1, 2 * most)), -1) -- some of the newest may come back unused

local values = {}
for _, field in ipairs(fields) do
  values[#values + 1] = field
  values[#values + 1] = digits(kept[field])
end
call('HSET', state, 'generation', generation, unpack(values))
call('PEXPIRE', state, digits(10 * longest + 30 * 86400000))
call('PEXPIRE', grants, digits(2 * longest))
credits:close()
local spent_today, spent_this_month, under_way, remaining = credits:shown()
return {now, generation, kept.count, next_in, kept.share, math.max(0, kept.open_at - now), is_probe, spent_today,
  spent_this_month, under_way, remaining, stop, stop_for, unpack(permits)}
