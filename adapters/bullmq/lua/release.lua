-- Puts a held job back in front of the waiting ones, or among the delayed ones, its attempt not
-- counted. ARGV: id, token, delay ms (0: none).
local id, delay = ARGV[1], tonumber(ARGV[3])
local code = check_lock(id, ARGV[2])
if code ~= 0 then
  return code
end
check_places()
if not let_go(id) then
  return -3
end
if delay > 0 then
  call('HSET', job_key(id), 'delay', digits(delay))
  push_delayed(id, now + delay)
  emit_and_trim('delayed', 'jobId', id, 'delay', digits(now + delay))
  mark_delay()
  return 0
end
local priority = job_priority(id)
if priority > 0 then
  call('ZADD', base .. 'prioritized', digits(priority * 4294967296), id)
  mark_work()
else
  push_next(id)
end
emit_and_trim('waiting', 'jobId', id, 'prev', 'active')
return 0
