-- Removes a job with its unfinished children. ARGV: id, "failed" for failed jobs only. Answers 1, or
-- -1 when there is none, -3 when it is in another state, 0 when a worker holds it, -8 when it is the
-- next one of a scheduler, 2 when there is more to remove before it.
local id = ARGV[1]
if not is_job(id) then
  return -1
elseif ARGV[2] == 'failed' and not call('ZSCORE', base .. 'failed', id) then
  return -3
elseif is_locked(id) then
  return 0
elseif is_planned(id) then
  return -8
end
return remove_tree(id) and 1 or 2
