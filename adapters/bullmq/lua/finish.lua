-- Ends a job for good, under its lock, and may take the next one.
-- ARGV: 1 id, 2 token, 3 "completed"|"failed", 4 return value (JSON)|reason, 5 progress (JSON) or
-- "", 6 keep count, 7 keep age s, 8 keep limit ("" each for none), 9 attempts, 10 stack trace limit
-- or "", 11 metrics points, 12... what `take_asked` reads.
local id, outcome, value = ARGV[1], ARGV[3], ARGV[4]
local key = job_key(id)

if outcome == 'completed' and call('EXISTS', key .. ':dependencies', key .. ':unsuccessful') > 0 and
   call('EXISTS', key) == 1 then
  if (try('SCARD', key .. ':dependencies') or 0) ~= 0 then
    return -4
  end
  if (try('ZCARD', key .. ':unsuccessful') or 0) ~= 0 then
    return -9
  end
end
local job = read_job(id, {'name', 'atm', 'deid', 'parentKey'})
local code = job and check_holder(id, ARGV[2]) or -1
if code ~= 0 then
  return code
end
call('ZCARD', base .. outcome) -- an error now, not when the job is nowhere
if not let_go(id) then
  return -3
end
local made = to_count(job.atm) + 1
local ended = {'atm', digits(made), 'finishedOn', digits(now)}
if ARGV[5] ~= '' then
  emit_progress(id, ARGV[5])
  ended = {'progress', ARGV[5], unpack(ended)}
end
if outcome == 'completed' then
  call('HSET', key, 'returnvalue', value, unpack(ended))
  call('DEL', key .. ':ledger')
else
  write_failure(id, value, tonumber(ARGV[10]))
  call('HSET', key, unpack(ended))
  call('HDEL', key, 'defa')
end
if job.deid then
  release_deduplication(id)
  pcall(add_kept_back, job.deid)
end
if job.parentKey and outcome == 'completed' then
  tell_parent_of_value(id, value)
elseif job.parentKey then
  tell_parent_of_failure(id, value)
end
keep_or_remove(outcome, id, tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]))
if outcome == 'completed' then
  emit_and_trim('completed', 'jobId', id, 'returnvalue', value, 'prev', 'active')
else
  emit_and_trim('failed', 'jobId', id, 'failedReason', value, 'prev', 'active')
  if made >= tonumber(ARGV[9]) then
    emit('retries-exhausted', 'jobId', id, 'attemptsMade', digits(made))
  end
end
count_minute(outcome, tonumber(ARGV[11]))

-- The job has ended, whatever is wrong with the others; a take by itself tells that.
local taken, answer = pcall(function()
  if ARGV[12] ~= '0' then
    promote_due()
  end
  local answer, nothing_found = take_asked(12)
  if nothing_found and call('LLEN', base .. 'wait') == 0 and
     call('LLEN', base .. 'active') == 0 and call('ZCARD', base .. 'prioritized') == 0 then
    emit('drained')
  end
  return answer
end)
return taken and answer or {{}, -1, 0}
