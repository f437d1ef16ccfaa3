-- An exchange: reports change the state, then permits are given.
local newest = tonumber(call('LINDEX', grants, -1) or 0)
if newest > now + longest_lead + longest_horizon + 500 then -- the clock went back: what was granted when can't be told
  call('DEL', grants, reserved)
  kept.open_at, kept.shrunk_at, kept.probe_at, kept.risen_at = 0, 0, 0, 0
  kept.others_at, kept.spread_until = 0, 0
  stepped = true
end
if not generation then
  generation = exchange
  call('DEL', grants)
  hold_until(now + probation)
end
-- The caller knows of grants that this state does not: Redis lost some, or all.
local lost = known ~= '' and (known ~= generation or known_count > kept.count)
if lost or stepped then
  hold_until(now + math.max(longest, probation))
end

for _, at in ipairs(credits:forget(first_lost, exchange)) do
  call('LREM', grants, -1, at)
end
for _ = 1, number() do
  local at, permit = argument(), argument()
  call('LREM', grants, -1, at)
  credits:settle(at, permit, 0)
  kept.probe_at = tonumber(at) == kept.probe and now or kept.probe_at
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
for _ = 1, number() do
  credits:settle(argument(), argument(), number())
end
if account ~= '' then
  credits:account(account, account_asked_at, account_reset)
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

-- Who can't tell exactly what this clock shows is late by much the same time again and again: permits of one
-- sharer keep their distances, and those of several need so much more.
local me = string.match(exchange, '^(.*):%d+$') or exchange
local others_at = sharer == me and kept.others_at or last
if now >= kept.spread_until then -- what was told before is over by now
  kept.spread, kept.next_spread = kept.next_spread, 0
  kept.spread_until = now + 2 * longest + longest_lead + longest_horizon
end
local apart_from_others = now <= others_at + longest + kept.spread and kept.spread or 0

-- When one more may follow `requests` within `span`.
local function after(requests, span)
  return tonumber(call('LINDEX', grants, -requests) or -math.huge) + span
end

local function next_time()
  local at, gap = math.max(now + lead, kept.open_at), apart
  for i, window in ipairs(windows) do
    local reduced = window.limit < window.requests
    local watched = math.min(window.watched, reduced and math.floor(window.period * narrow) or math.huge)
    gap = reduced and i == 1 and apart > 0 and math.max(apart, math.floor(watched / window.limit)) or gap
    at = math.max(at, after(window.limit, watched + apart_from_others))
  end
  return math.max(at, last + gap)
end

-- When a request can be had that is one more than a reduced window allows, as the API would count: only such
-- a one finds out whether more are allowed again. Never while all are refused.
local function probe_time()
  local at, beyond = math.max(now + lead, kept.open_at, last, kept.probe_at), false
  for _, window in ipairs(windows) do
    at = math.max(at, after(window.requests, window.watched + apart_from_others))
  end
  for _, window in ipairs(windows) do
    beyond = beyond or (window.limit < window.requests and at < after(window.limit, window.period))
  end
  return beyond and kept.refused_in_row == 0 and at or math.huge
end

local function grant(at)
  call('RPUSH', grants, digits(at))
  last, kept.count = at, kept.count + 1
  sharer, kept.others_at = me, others_at
  kept.spread, kept.next_spread = math.max(kept.spread, spread), math.max(kept.next_spread, spread)
  credits:reserve(digits(at), digits(kept.count), exchange)
  return digits(at)
end

local affordable, stop, stop_for, settling_for = credits:afford(wanted)
local is_drained = call('HGET', state, 'drained')
if is_drained then
  affordable, stop, stop_for, settling_for = 0, drained, drained_ms, 0
end
local permits, next_in, is_probe = {}, 0, 0
local latest = now + lead + math.min(horizon + lead + spread, longest_horizon)
if affordable < wanted then
  next_in = math.max(settling, stop_for)
end
while #permits < affordable do
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
-- Others may have longer windows.
call('LTRIM', grants, digits(-math.max(2 * most, 4096)), -1) -- some of the newest may come back unused

for _, window in ipairs(windows) do
  kept[window.limit_field], kept[window.proven_field] = window.limit, window.proven
end
local values = {'generation', generation, 'sharer', sharer or ''}
for _, field in ipairs(fields) do
  values[#values + 1], values[#values + 2] = field, digits(kept[field])
end
call('HSET', state, unpack(values))
if is_drained then
  call('PERSIST', state) -- an idle queue forgets nothing of that
else
  call('PEXPIRE', state, digits(10 * longest + 30 * 86400000))
end
call('PEXPIRE', grants, digits(math.max(2 * longest, 600000)))
credits:close()
local spent_today, spent_this_month, under_way, remaining = credits:shown()
return {now, generation, kept.count, next_in, share(), math.max(0, kept.open_at - now), is_probe, spent_today,
  spent_this_month, under_way, remaining, stop, stop_for, settling_for, kept.count - #permits + 1, unpack(permits)}
