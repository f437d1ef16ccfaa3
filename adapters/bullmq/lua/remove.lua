-- Removes a job with its unfinished children. ARGV: id, "failed" for failed jobs only. Answers 1, or
-- -1 when there is none, -3 when it is in another state, 0 when a worker holds it, -8 when it is the
-- next one of a scheduler.
local id = ARGV[1]
if call('EXISTS', job_key(id)) == 0 then
  return -1
elseif ARGV[2] == 'failed' and not call('ZSCORE', base .. 'failed', id) then
  return -3
elseif is_locked(id) then
  return 0
elseif is_planned(id) then
  return -8
end
remove_tree(id)
return 1
