-- Keeps a finished page, extends the lock and shows the progress, under the job's lock. ARGV: 1 id,
-- 2 token, 3 lock ms, 4 identity of the ledger, 5 its life in ms, 6 the page's offset, 7 its limit and
-- content ("" when no ledger is kept), 8... progress (JSON), the newest last. Answers the time of the last
-- page: one that is kept a second time, because the first answer was lost, is no new one.
local id = ARGV[1]
local key = job_key(id)
local job = read_job(id, {'name', 'stc', 'stalledCounter'})
local code = job and check_holder(id, ARGV[2]) or -1
if code ~= 0 then
  return code
end
local at = now
if ARGV[7] ~= '' then
  local ledger = key .. ':ledger'
  local known = try('HMGET', ledger, 'job', 'at', ARGV[6])
  if not known or known[1] ~= ARGV[4] then
    call('DEL', ledger) -- of an earlier job with this id
    known = {}
  end
  if known[3] == ARGV[7] then
    at = to_count(known[2])
  else
    call('HSET', ledger, 'job', ARGV[4], 'at', digits(now), ARGV[6], ARGV[7])
  end
  call('PEXPIRE', ledger, ARGV[5])
end
call('SET', key .. ':lock', ARGV[2], 'PX', ARGV[3])
try('SREM', base .. 'stalled', id)
if job.stc or job.stalledCounter then
  call('HDEL', key, 'stc', 'stalledCounter') -- only stalls without a new page count
end
write_progress(id, unpack(ARGV, 8))
return at
