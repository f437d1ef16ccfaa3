-- Removes jobs of one state that are older than so long. ARGV: structure, "list" or "zset", grace ms,
-- most, jobs passed over by the calls before, jobs removed by them and in other structures of the state, "1" for the
-- last of these. Answers how many were removed, how many were passed over in all, and 1 when there is more to look at. For ended jobs age counts
-- from their end, else from their creation; jobs that a worker holds and the next ones of schedulers
-- stay.
local name, kind, most, skip = ARGV[1], ARGV[2], tonumber(ARGV[4]), tonumber(ARGV[5])
local key, oldest = base .. name, now - tonumber(ARGV[3])
local ended = name == 'completed' or name == 'failed'

local function age_base(id)
  return tonumber(try('HGET', job_key(id), 'timestamp') or '') or 0
end

local ids
if ended then
  ids = call('ZRANGEBYSCORE', key, '-inf', digits(oldest), 'LIMIT', digits(skip), digits(most))
elseif kind == 'zset' then
  ids = call('ZRANGE', key, digits(skip), digits(skip + most - 1))
else
  ids = call('LRANGE', key, digits(-skip - most), digits(-skip - 1))
end
local removed = 0
for _, id in ipairs(ids) do
  if not is_locked(id) and not is_planned(id) and (ended or age_base(id) <= oldest) then
    if kind == 'list' then
      call('LREM', key, -1, id)
    else
      call('ZREM', key, id)
    end
    forget(id)
    removed = removed + 1
  end
end
local more = #ids == most
if not more and ARGV[7] == '1' then
  emit_and_trim('cleaned', 'count', digits(tonumber(ARGV[6]) + removed))
end
return {removed, skip + #ids - removed, more and 1 or 0}
