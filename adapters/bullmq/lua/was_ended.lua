-- Whether a job ended in this way. ARGV: id, "completed"|"failed"|"retried", return value (JSON) or
-- reason. Answers 1 or 0.
local id, outcome, value = ARGV[1], ARGV[2], ARGV[3]
local key = job_key(id)
local field = outcome == 'completed' and 'returnvalue' or 'failedReason'
if is_job(id) then
  local same = call('HGET', key, field) == value
  if outcome == 'retried' then
    return same and not call('LPOS', base .. 'active', id) and 1 or 0
  end
  return same and try('ZSCORE', base .. outcome, id) and 1 or 0
end
-- It was not to be kept; what listeners were told tells it.
for _, entry in ipairs(try('XREVRANGE', base .. 'events', '+', '-', 'COUNT', 1000) or {}) do
  local event = {}
  for i = 1, #entry[2], 2 do
    event[entry[2][i]] = entry[2][i + 1]
  end
  if event.event == outcome and event.jobId == id and event[field] == value then
    return 1
  end
end
return 0
