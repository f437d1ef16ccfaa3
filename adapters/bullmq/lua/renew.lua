-- Extends locks. ARGV: lock ms, then id and token of each job. Answers {now, ids whose lock is lost}.
local lost = {}
for i = 2, #ARGV, 2 do
  local id, token = ARGV[i], ARGV[i + 1]
  if holds_lock(id, token) then
    call('SET', job_key(id) .. ':lock', token, 'PX', ARGV[1])
    try('SREM', base .. 'stalled', id)
  else
    lost[#lost + 1] = id
  end
end
return {now, lost}
