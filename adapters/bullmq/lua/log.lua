-- Appends a row to the job's log, under its lock. ARGV: id, token, row. The job's keepLogs option
-- ("kl") bounds the log.
local code = check_lock(ARGV[1], ARGV[2])
if code ~= 0 then
  return code
end
local log = job_key(ARGV[1]) .. ':logs'
call('RPUSH', log, ARGV[3])
local readable, opts = pcall(cjson.decode, call('HGET', job_key(ARGV[1]), 'opts') or '{}')
local keep = readable and type(opts) == 'table' and tonumber(opts.kl)
if keep then
  call('LTRIM', log, -keep, -1)
end
return 0
