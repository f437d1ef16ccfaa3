-- What is kept of a job's pages, under its lock. ARGV: id, token, identity. Answers fields and values
-- in turn; none when the ledger is of another job.
local code = check_lock(ARGV[1], ARGV[2])
if code ~= 0 then
  return code
end
local ledger = job_key(ARGV[1]) .. ':ledger'
return try('HGET', ledger, 'job') == ARGV[3] and call('HGETALL', ledger) or {}
