-- What both kinds of a job's final end share; `set` is "completed" or "failed".

-- BullMQ's bound on one call's pruning.
local most_pruned = 1000

-- All are numbers or nil; age is in seconds.
local function prune(set, count, age, limit)
  if age then
    local most = limit and limit >= 0 and math.min(math.floor(limit), most_pruned) or most_pruned
    local old = call('ZRANGEBYSCORE', base .. set, '-inf', digits(now - age * 1000), 'LIMIT', 0,
                     digits(most))
    for _, id in ipairs(old) do
      remove_job(id)
      call('ZREM', base .. set, id)
    end
  end
  if count and count > 0 then
    local excess = math.min(call('ZCARD', base .. set) - math.floor(count), most_pruned)
    if excess > 0 then
      for _, id in ipairs(call('ZRANGE', base .. set, 0, excess - 1)) do
        remove_job(id)
        call('ZREM', base .. set, id)
      end
    end
  end
end

-- Keeps the ended job, or removes it at once when `count` is 0.
local function keep_or_remove(set, id, count, age, limit)
  if count == 0 then
    remove_job(id)
  else
    call('ZADD', base .. set, digits(now), id)
    pcall(prune, set, count, age, limit)
  end
end

local function add_to_chart(set, points)
  local key = base .. 'metrics:' .. set
  local before = increment(key, 'count') - 1
  local previous = call('HMGET', key, 'prevTS', 'prevCount')
  if not previous[1] then
    call('HSET', key, 'prevTS', digits(now), 'prevCount', '0')
    return
  end
  local minutes = math.floor(now / 60000) - math.floor((tonumber(previous[1]) or now) / 60000)
  minutes = math.min(minutes, points)
  if minutes <= 0 then
    return
  end
  call('LPUSH', key .. ':data', digits(before - (tonumber(previous[2] or '') or 0)))
  for _ = 2, minutes do
    call('LPUSH', key .. ':data', '0')
  end
  call('LTRIM', key .. ':data', 0, points - 1)
  call('HSET', key, 'prevCount', digits(before), 'prevTS', digits(now))
end

-- BullMQ's chart: jobs per minute, newest first, at most `points` minutes; 0 is off.
local function count_minute(set, points)
  if points > 0 then
    pcall(add_to_chart, set, points)
  end
end
