-- Lets an ended job run again. ARGV: id, "1" to count its attempts from 0, "failed" for failed jobs
-- only. Answers 1, or -1 when there is none, -3 when it is in another state.
local id = ARGV[1]
local key = job_key(id)
if not is_job(id) then
  return -1
end
check_places()
local state = call('ZREM', base .. 'failed', id) == 1 and 'failed' or
              ARGV[3] ~= 'failed' and call('ZREM', base .. 'completed', id) == 1 and 'completed'
if not state then
  return -3
end
call('HDEL', key, 'finishedOn', 'processedOn', 'failedReason', 'returnvalue', 'defa')
if ARGV[2] == '1' then
  call('HDEL', key, 'atm', 'ats')
end
-- A parent that knows how this job ended waits for it again, also one that the failure has failed:
-- so it can be repaired.
local parent = parent_of(id)
if parent and (try('ZREM', parent.key .. ':unsuccessful', key) == 1 or
               try('HDEL', parent.key .. ':failed', key) == 1 or
               try('HDEL', parent.key .. ':processed', key) == 1) then
  try('SADD', parent.key .. ':dependencies', key)
end
local priority = job_priority(id)
if priority > 0 then
  push_prioritized(id, priority)
elseif read_options(id).lifo == true then
  push_next(id)
else
  push_newest(id)
end
emit_and_trim('waiting', 'jobId', id, 'prev', state)
return 1
