-- Drops ids without a job from the sorted sets; a few of a large set in each call. ARGV: number of
-- the set to begin with and the cursor in it. Answers how many were dropped, and both for the next
-- call (0 and "0" when all has been seen). Lists are seen to by takes and by the stalled check.
local sets = {'completed', 'failed', 'waiting-children', 'delayed', 'prioritized'}
local place, cursor = tonumber(ARGV[1]), ARGV[2]
local most_looked_at, looked_at, dropped = 500, 0, 0

local function drop_ghosts(set)
  local page = call('ZSCAN', base .. set, cursor, 'COUNT', most_looked_at)
  cursor = page[1]
  for i = 1, #page[2], 2 do
    local id = page[2][i]
    if call('EXISTS', job_key(id)) == 0 then
      dropped = dropped + call('ZREM', base .. set, id)
    end
  end
  looked_at = looked_at + #page[2] / 2
end

while sets[place + 1] and looked_at < most_looked_at do
  drop_ghosts(sets[place + 1])
  place = cursor == '0' and place + 1 or place
end
return {dropped, sets[place + 1] and place or 0, cursor}
