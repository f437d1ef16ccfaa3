-- Ends a failed try with attempts left, under the job's lock, and may take the next job.
-- ARGV: 1 id, 2 token, 3 delay ms (0: wait at once), 4 reason, 5 progress (JSON) or "", 6 stack
-- trace limit or "", 7 jobs to take next (0|1), 8 token seed, 9 number of the first token,
-- 10 lock ms, 11 worker name.
local id, delay = ARGV[1], tonumber(ARGV[3])
local key = job_key(id)
local code = check_lock(id, ARGV[2])
if code ~= 0 then
  return code
end
promote_due()
give_up_lock(id)
if call('LREM', base .. 'active', -1, id) == 0 then
  return -3
end
if ARGV[5] ~= '' then
  write_progress(id, ARGV[5])
end
write_failure(id, ARGV[4], tonumber(ARGV[6]))
call('HINCRBY', key, 'atm', 1)

-- LIFO jobs go back in front.
local function is_lifo()
  local readable, opts = pcall(cjson.decode, call('HGET', key, 'opts') or '{}')
  return readable and type(opts) == 'table' and opts.lifo == true
end

if delay > 0 then
  call('HSET', key, 'delay', digits(delay))
  push_delayed(id, now + delay)
  emit_and_trim('delayed', 'jobId', id, 'delay', digits(now + delay))
  mark_delay()
else
  local priority = tonumber(call('HGET', key, 'priority') or '') or 0
  if priority > 0 then
    push_prioritized(id, priority)
  elseif is_lifo() then
    push_next(id)
  else
    push_newest(id)
  end
  emit_and_trim('waiting', 'jobId', id, 'prev', 'active')
end

local wanted = tonumber(ARGV[7])
local jobs = {}
if wanted > 0 then
  jobs = take(wanted, ARGV[8], tonumber(ARGV[9]), ARGV[10], ARGV[11])
end
return take_answer(jobs)
