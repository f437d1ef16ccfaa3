-- What the queue as a whole allows now.

-- Paused, or as many active jobs as the queue allows.
local function held()
  local known = rules()
  if known.paused then
    return true
  end
  local most = tonumber(known.concurrency or '')
  return most ~= nil and most >= 0 and call('LLEN', base .. 'active') >= most
end

-- Milliseconds at which the first delayed job is due, or nil.
local function next_due()
  local first = call('ZRANGE', base .. 'delayed', 0, 0, 'WITHSCORES')
  return first[2] and math.min(math.floor(tonumber(first[2]) / 4096), 9e15)
end
