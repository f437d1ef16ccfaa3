-- Appends a row to the job's log, under its lock. ARGV: id, token, row. The job's keepLogs option
-- ("kl") bounds the log.
local code = check_lock(ARGV[1], ARGV[2])
if code ~= 0 then
  return code
end
local log = job_key(ARGV[1]) .. ':logs'
call('RPUSH', log, ARGV[3])
local keep = math.min(math.floor(tonumber(read_options(ARGV[1]).kl) or 0), 1e9)
if keep > 0 then
  call('LTRIM', log, digits(-keep), -1)
end
return 0
