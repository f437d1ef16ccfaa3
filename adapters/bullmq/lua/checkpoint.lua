-- Keeps a finished page, extends the lock and shows the progress, under the job's lock. ARGV: 1 id,
-- 2 token, 3 progress (JSON) or "", 4 lock ms, 5 identity of the ledger, 6 its life in ms, 7 the page's
-- offset, 8 its limit and content ("" when no ledger is kept). Answers the time of the last page: one
-- that is kept a second time, because the first answer was lost, is no new one.
local id = ARGV[1]
local key = job_key(id)
local code = check_lock(id, ARGV[2])
if code ~= 0 then
  return code
end
local at = now
if ARGV[8] ~= '' then
  local ledger = key .. ':ledger'
  local known = try('HMGET', ledger, 'job', 'at', ARGV[7])
  if not known or known[1] ~= ARGV[5] then
    call('DEL', ledger) -- of an earlier job with this id
    known = {}
  end
  if known[3] == ARGV[8] then
    at = to_count(known[2])
  else
    call('HSET', ledger, 'job', ARGV[5], 'at', digits(now), ARGV[7], ARGV[8])
  end
  call('PEXPIRE', ledger, ARGV[6])
end
call('SET', key .. ':lock', ARGV[2], 'PX', ARGV[4])
try('SREM', base .. 'stalled', id)
call('HDEL', key, 'stc', 'stalledCounter') -- only stalls without a new page count
if ARGV[3] ~= '' then
  write_progress(id, ARGV[3])
end
return at
