-- Extends locks. ARGV: lock ms, the time that the caller reckons ("" if it can't), then id, token and
-- time of the take of each job. Answers {now, ids whose lock is lost}.
-- Where the clock is well ahead of what the caller reckons, it has stepped, and locks ran out before
-- their time; the caller goes on holding those that nobody else has taken since.
local largest_drift = 2000
local stepped = ARGV[2] ~= '' and now - tonumber(ARGV[2]) > largest_drift

local function is_still_taken(id, taken_on)
  return call('HGET', job_key(id), 'processedOn') == taken_on and
         call('LPOS', base .. 'active', id)
end

local lost = {}
for i = 3, #ARGV, 3 do
  local id, token = ARGV[i], ARGV[i + 1]
  local lock = job_key(id) .. ':lock'
  local holder = try('GET', lock)
  if stepped and call('EXISTS', lock) == 0 and is_still_taken(id, ARGV[i + 2]) then
    holder = token
  end
  if holder == token then
    call('SET', lock, token, 'PX', ARGV[1])
    try('SREM', base .. 'stalled', id)
  else
    lost[#lost + 1] = id
  end
end
return {now, lost}
