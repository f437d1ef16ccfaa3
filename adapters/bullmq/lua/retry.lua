-- Ends a failed try with attempts left, under the job's lock, and may take the next job.
-- ARGV: 1 id, 2 token, 3 delay ms (0: wait at once), 4 reason, 5 progress (JSON) or "", 6 stack
-- trace limit or "", 7... what `take_asked` reads.
local id, delay = ARGV[1], tonumber(ARGV[3])
local key = job_key(id)
local code = check_lock(id, ARGV[2])
if code ~= 0 then
  return code
end
promote_due()
check_places()
if not let_go(id) then
  return -3
end
if ARGV[5] ~= '' then
  write_progress(id, ARGV[5])
end
write_failure(id, ARGV[4], tonumber(ARGV[6]))
increment(key, 'atm')

if delay > 0 then
  call('HSET', key, 'delay', digits(delay))
  push_delayed(id, now + delay)
  emit_and_trim('delayed', 'jobId', id, 'delay', digits(now + delay))
  mark_delay()
else
  local priority = job_priority(id)
  if priority > 0 then
    push_prioritized(id, priority)
  elseif read_options(id).lifo == true then
    push_next(id) -- LIFO jobs go back in front
  else
    push_newest(id)
  end
  emit_and_trim('waiting', 'jobId', id, 'prev', 'active')
end

local answer = take_asked(7)
return answer
