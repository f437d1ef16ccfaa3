-- Removes the queue with everything in it, at most so many jobs per call. ARGV: "1" also when jobs
-- are active, most. Answers 1 when there is more to do, 0 at the end, -1 when jobs are active. The
-- queue must be paused, so that nothing is taken between the calls.
local most, removed = tonumber(ARGV[2]), 0

if call('HEXISTS', base .. 'meta', 'paused') == 0 then
  call('HSET', base .. 'meta', 'paused', '1')
  call('DEL', base .. 'marker')
end
if ARGV[1] ~= '1' and (try('LLEN', base .. 'active') or 0) > 0 then
  return -1
end

for _, place in ipairs(places) do
  local key = base .. place[2]
  while removed < most do
    local id = place[1] == 'list' and try('RPOP', key) or
               place[1] == 'zset' and (try('ZPOPMIN', key) or {})[1]
    if not id then
      break
    end
    forget(id)
    removed = removed + 1
  end
end
for _, scheduler in ipairs(try('ZRANGE', base .. 'repeat', 0, most - 1) or {}) do
  call('DEL', base .. 'repeat:' .. scheduler)
  call('ZREM', base .. 'repeat', scheduler)
end
if removed == most or (try('ZCARD', base .. 'repeat') or 0) > 0 then
  return 1
end
for _, name in ipairs({'meta', 'id', 'pc', 'marker', 'events', 'limiter', 'stalled',
                       'stalled-check', 'stalled-look', 'metrics:completed', 'metrics:completed:data',
                       'metrics:failed', 'metrics:failed:data'}) do
  call('UNLINK', base .. name)
end
return 0
