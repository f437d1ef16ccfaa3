-- Makes or replaces a scheduler and its next job. ARGV: 1 id, 2 next time (ms), 3 name, 4 data,
-- 5 opts of the job, 6 priority, then fields of the record and their values. Answers 1 when the
-- scheduler is new, -10 when its next job would be the one that runs.
local scheduler, next_time = ARGV[1], ARGV[2]
local record = base .. 'repeat:' .. scheduler
check_places()
local planned = call('ZSCORE', base .. 'repeat', scheduler)
if is_locked('repeat:' .. scheduler .. ':' .. next_time) then
  return -10
end
local id = 'repeat:' .. scheduler .. ':' .. next_time
call('HLEN', job_key(id)) -- an error now, not when half is done
if planned then
  local last = 'repeat:' .. scheduler .. ':' .. digits(tonumber(planned))
  if not is_locked(last) and call('EXISTS', job_key(last)) == 1 and unlist(last) then
    forget(last)
  end
end
call('DEL', record)
call('HSET', record, 'ic', '1', unpack(ARGV, 7))
call('ZADD', base .. 'repeat', next_time, scheduler)
try('INCR', base .. 'id')
if call('EXISTS', job_key(id)) == 1 then -- one that ended
  unlist(id)
  forget(id)
end
insert(id, {name = ARGV[3], data = ARGV[4], opts = ARGV[5], timestamp = now,
            delay = math.max(0, tonumber(next_time) - now), priority = tonumber(ARGV[6]),
            scheduler = scheduler})
trim_events()
return planned and 0 or 1
