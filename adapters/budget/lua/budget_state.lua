-- The pace of one API key, for all who share it: takes reports, gives permits.
-- A permit is a time by Redis's clock, the only clock of all nodes, at which one request may go out. No
-- stretch of any window's length holds more of them than the window allows.
-- KEYS: state (hash), grants (list of the times given out, oldest first), credits (hash), reserved and settled (sorted
-- sets).
-- ARGV: wanted, lead ms, a name for this exchange, that of the first of
-- those before it whose answers did not come, known generation, known count, "1" when the caller saw the clock
-- step, time of the newest permit that the API honoured, "1" when a probe was honoured, how many ms later than its
-- time the caller may use a permit; the most that a page
-- costs, caps of a day and a month, the floor (-1: none), what the account has left, if it was just read
-- ("untold": it does not say), when it was asked for (0: now) and the date on which it gets new ones (""); number of windows and for each its requests, the ms it is watched for, its own ms (0: only spreads requests);
-- number of unused permits and for each its time and number; number of refused ones and for each its time, the
-- wait in ms, "1" for a probe; number of pages whose cost is known and for each its permit's time, number and cost.
-- Answers {now, generation, count, ms until another permit can be had, share in thousandths, ms until the
-- pace opens, 1 when the last permit is a probe, spent today, spent this month, reserved, what the account has
-- left ("": nobody has read it, "untold": it does not say), why nothing may be spent (0: it may), for how many ms, for how many ms
-- at most because of pages under way, number of the first permit, times...}.
-- This part reads what the caller says and what the state holds.
local state, grants, reserved = KEYS[1], KEYS[2], KEYS[4]
local call = redis.call

-- Permits are given for so far ahead, ms, and a round trip more: who dies loses no more.
local horizon, longest_horizon = 500, 1500
local probation = 3500 -- a new state waits so long for those who know an older one
-- How long after the first, second ... refusal one request more is tried; and after one that went well.
local probe_waits, next_probe = {15000, 15000, 30000, 30000, 60000}, 1000
local parts = {2, 3, 5, 8, 13, 21} -- of a window that is refused a half is left, then a third ...
local narrow = 1.05 -- a reduced window is watched for no more than so many times its length
local circuit_after, circuit_ms, longest_wait, longest_lead = 5, 60000, 3600000, 1000
local drained, drained_ms = 4, 30000 -- a key that the operator has taken out of use
local settling = 100 -- credits that are reserved may become free, ms

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
local exchange, first_lost, known, known_count = argument(), argument(), argument(), number()
local stepped, honoured, probe_honoured = argument() == '1', number(), argument() == '1'
local spread = number()
local credits = Credits.open({credits = KEYS[3], reserved = reserved, settled = KEYS[5]}, now,
  {page = number(), per_day = number(), per_month = number(), floor = number()})
local account, account_asked_at, account_reset = argument(), number(), argument()

-- Of each window of the API `limit` requests are used. `proven`: so many of them are known to be allowed.
local fields = {'count', 'open_at', 'shrunk_at', 'refused_in_row', 'refusals', 'probe', 'probe_at', 'risen_at',
  'others_at', 'spread', 'next_spread', 'spread_until'}
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

local generation, sharer = unpack(call('HMGET', state, 'generation', 'sharer'))
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
