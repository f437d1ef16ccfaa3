-- What a key spends, for all who share it: a page's most is reserved with its permit, what it really cost is
-- settled afterwards. A reservation that nobody settles stays spent.
local day_ms = 86400000
local longest_flight = 900000 -- who has not settled by then never will
local memory = 300000 -- an account's page has arrived by then
local usual_flight = 60000 -- nor, most likely, who has not by then

local Credits = {}
Credits.__index = Credits

local function whole(number)
  return string.format('%.0f', number)
end

-- Of a day since 1970, by the proleptic Gregorian calendar.
local function day_of_month(day)
  local z = day + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local month = math.floor((5 * doy + 2) / 153)
  return doy - math.floor((153 * month + 2) / 5) + 1
end

local function drop_until(key, time)
  local late = redis.call('ZRANGEBYSCORE', key, '-inf', whole(time), 'LIMIT', 0, 1000)
  if #late > 0 then
    redis.call('ZREM', key, unpack(late))
  end
  return late
end

-- What is reserved with it.
local function held_by(member)
  return tonumber(string.match(member, '^%S+ (%S+)')) or 0
end

-- `keys`: those of the totals, of what is reserved and of what was settled lately, by number and cost; `rules`: what a page costs at most (0: nothing is counted), caps of a day and a month and the floor, -1 for none.
function Credits.open(keys, now, rules)
  local key = keys.credits
  local self = setmetatable({key = key, reserved = keys.reserved, settled = keys.settled, now = now, rules = rules},
    Credits)
  local day = math.floor(now / day_ms)
  local month = day - day_of_month(day) + 1
  local next_month = month + 31
  next_month = next_month - day_of_month(next_month) + 1
  self.ends = {day = (day + 1) * day_ms - now, month = next_month * day_ms - now}
  local kept = redis.call('HMGET', key, 'day', 'day_spent', 'month', 'month_spent', 'remaining', 'since',
    'reserved')
  self.day, self.month = day, month
  self.day_start, self.month_start = day * day_ms, month * day_ms
  self.day_spent = tonumber(kept[1]) == day and tonumber(kept[2]) or 0
  self.month_spent = tonumber(kept[3]) == month and tonumber(kept[4]) or 0
  self.said, self.remaining, self.since = kept[5] or '', tonumber(kept[5]), tonumber(kept[6]) or 0
  self.held = tonumber(kept[7]) or 0
  for _, member in ipairs(drop_until(self.reserved, now - longest_flight)) do
    self.held = self.held - held_by(member)
  end
  self.held = redis.call('ZCARD', self.reserved) > 0 and math.max(0, self.held) or 0
  drop_until(self.settled, now - memory)
  return self
end

-- What was reserved at that time has come to cost so much more.
function Credits:spend(at, amount)
  if at >= self.day_start then
    self.day_spent = math.max(0, self.day_spent + amount)
  end
  if at >= self.month_start then
    self.month_spent = math.max(0, self.month_spent + amount)
  end
  self.since = self.since + amount
end

-- A member is the permit's number, what is reserved, and the exchange that gave it.
function Credits:reserve(at, number, exchange)
  if self.rules.page > 0 then
    redis.call('ZADD', self.reserved, at, number .. ' ' .. self.rules.page .. ' ' .. exchange)
    self.held = self.held + self.rules.page
    self:spend(tonumber(at), self.rules.page)
  end
end

function Credits:take_out(member, at, amount)
  redis.call('ZREM', self.reserved, member)
  if amount > 0 then
    redis.call('ZADD', self.settled, whole(self.now), string.match(member, '^%S+') .. ' ' .. amount)
  end
  self.held = math.max(0, self.held - held_by(member))
  self:spend(tonumber(at), amount - held_by(member))
end

-- Once for each reservation, however often it is told.
function Credits:settle(at, number, amount)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', self.reserved, at, at)) do
    if string.match(member, '^%S+') == number then
      self:take_out(member, at, amount)
    end
  end
end

-- Exchanges of one caller, from `first` on and before `current`, whose answers never came: nobody knows of their permits.
-- `current` may be carried out after later ones, whose permits are in use. {time, ...}.
function Credits:forget(first, current)
  local times = {}
  local caller, from = string.match(first, '^(.*):(%d+)$')
  local to = tonumber(string.match(current, '%d+$'))
  local all = caller and redis.call('ZRANGE', self.reserved, 0, -1, 'WITHSCORES') or {}
  for i = 1, #all, 2 do
    local who, number = string.match(all[i], '(%S+):(%d+)$')
    if who == caller and tonumber(number) >= tonumber(from) and tonumber(number) < to then
      self:take_out(all[i], all[i + 1], 0)
      times[#times + 1] = whole(tonumber(all[i + 1]))
    end
  end
  return times
end

-- What is under way, or was settled since the account was asked, may be in its figure or not: it counts as not.
-- An account that does not say what remains ("untold") ends what it said before.
function Credits:account(said, asked_at, reset)
  self.reset = reset
  self.said, self.remaining, self.since = said, tonumber(said), self:under_way()
  local from = asked_at > 0 and whole(asked_at) or '+inf'
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', self.settled, from, '+inf')) do
    self.since = self.since + tonumber(string.match(member, '%S+$'))
  end
end

function Credits:under_way()
  return self.held
end

-- How many of so many pages may be asked for; when it is none, and nothing under way can change that, why and
-- for how long (0: that can't be said); when something can, for how long at most.
function Credits:afford(wanted)
  local rules = self.rules
  if rules.page <= 0 or wanted == 0 then
    return wanted, 0, 0, 0
  end
  local room, stop, stop_for = math.huge, 0, 0
  local function bound(rest, why, how_long)
    if rest < room then
      room, stop, stop_for = rest, why, how_long
    end
  end
  if rules.per_day >= 0 then
    bound(rules.per_day - self.day_spent, 1, self.ends.day)
  end
  if rules.per_month >= 0 then
    bound(rules.per_month - self.month_spent, 2, self.ends.month)
  end
  if rules.floor >= 0 and self.remaining then
    bound(self.remaining - self.since - rules.floor, 3, 0)
  end
  local pages = math.max(0, math.min(wanted, math.floor(room / rules.page)))
  if pages > 0 then
    return pages, 0, 0, 0
  end
  local newest = tonumber(redis.call('ZRANGE', self.reserved, -1, -1, 'WITHSCORES')[2]) or 0
  if room + self:under_way() >= rules.page and newest >= self.now - usual_flight then
    return 0, 0, 0, newest + usual_flight - self.now + 1
  end
  return 0, stop, stop_for, 0
end

local function amount(value)
  return string.format('%.3f', value)
end

function Credits:close()
  if self.rules.page > 0 then
    redis.call('HSET', self.key, 'day', self.day, 'day_spent', amount(self.day_spent), 'month', self.month,
      'month_spent', amount(self.month_spent), 'since', amount(self.since), 'reserved', amount(self.held))
    if self.said ~= '' then
      redis.call('HSET', self.key, 'remaining', self.said)
    end
    if self.reset then
      redis.call('HSET', self.key, 'reset', self.reset)
    end
    redis.call('PEXPIRE', self.key, 62 * day_ms)
    redis.call('PEXPIRE', self.reserved, 2 * longest_flight)
    redis.call('PEXPIRE', self.settled, 2 * memory)
  end
end

function Credits:shown()
  return amount(self.day_spent), amount(self.month_spent), amount(self:under_way()),
    self.remaining and amount(self.remaining - self.since) or self.said
end
