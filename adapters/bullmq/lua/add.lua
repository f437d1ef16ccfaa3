-- Adds a job. ARGV: name, data (JSON), opts (JSON), delay ms, priority. Answers its id.
local name, data, opts = ARGV[1], ARGV[2], ARGV[3]
local delay, priority = tonumber(ARGV[4]), tonumber(ARGV[5])

local id = digits(call('INCR', base .. 'id'))
call('HSET', job_key(id), 'name', name, 'data', data, 'opts', opts, 'timestamp', digits(now),
     'delay', digits(delay), 'priority', digits(priority))
emit_and_trim('added', 'jobId', id, 'name', name)
if delay > 0 then
  push_delayed(id, now + delay)
  emit('delayed', 'jobId', id, 'delay', digits(now + delay))
  mark_delay()
elseif priority > 0 then
  push_prioritized(id, priority)
  emit('waiting', 'jobId', id)
else
  push_newest(id)
  emit('waiting', 'jobId', id)
end
return id
