-- Whether a job may collect a domain alone: 0 not as long as the job that does holds its lock, 1 yes, 2 yes, and
-- another has before. A claim needs no release, it ends with the lock. ARGV: id, token, domain, ms to remember it.
local id = ARGV[1]
local code = check_lock(id, ARGV[2])
if code ~= 0 then
  return code
end
local claim = base .. 'collecting:' .. ARGV[3]
local holder = try('GET', claim)
if holder and holder ~= id and call('EXISTS', job_key(holder) .. ':lock') == 1 then
  return 0
end
call('SET', claim, id, 'PX', ARGV[4])
return holder and holder ~= id and 2 or 1
