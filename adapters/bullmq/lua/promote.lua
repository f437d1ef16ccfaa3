-- Lets a delayed job run at once. ARGV: id. Answers 1, or -1 when there is none, -3 when it is not
-- delayed.
local id = ARGV[1]
if not is_job(id) then
  return -1
end
check_places()
if call('ZREM', base .. 'delayed', id) == 0 then
  return -3
end
call('HSET', job_key(id), 'delay', '0')
local priority = job_priority(id)
if priority > 0 then
  push_prioritized(id, priority)
else
  push_newest(id)
end
emit_and_trim('waiting', 'jobId', id, 'prev', 'delayed')
return 1
