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
local code = check_lock(id, ARGV[2])
if code ~= 0 then
  return code
end
call('ZCARD', base .. outcome) -- an error now, not when the job is nowhere
if not let_go(id) then
  return -3
end
local ended = {'finishedOn', digits(now)}
if ARGV[5] ~= '' then
  emit_progress(id, ARGV[5])
  ended = {'progress', ARGV[5], unpack(ended)}
end
trim_events()
local made = increment(key, 'atm')
if outcome == 'completed' then
  call('HSET', key, 'returnvalue', value, unpack(ended))
  call('DEL', key .. ':ledger')
else
  write_failure(id, value, tonumber(ARGV[10]))
  call('HSET', key, unpack(ended))
  call('HDEL', key, 'defa')
end
local deduplication, parent = unpack(call('HMGET', key, 'deid', 'parentKey'))
if deduplication then
  release_deduplication(id)
  pcall(add_kept_back, deduplication)
end
if parent and outcome == 'completed' then
  tell_parent_of_value(id, value)
elseif parent then
  tell_parent_of_failure(id, value)
end
keep_or_remove(outcome, id, tonumber(ARGV[6]), tonumber(ARGV[7]), tonumber(ARGV[8]))
if outcome == 'completed' then
  emit('completed', 'jobId', id, 'returnvalue', value, 'prev', 'active')
else
  emit('failed', 'jobId', id, 'failedReason', value, 'prev', 'active')
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
