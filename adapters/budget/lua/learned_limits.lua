-- What the API allows as far as refusals have shown it: of each window `limit` requests are used.
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
  if #windows == 0 then
    return -- only credits are counted
  end
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
