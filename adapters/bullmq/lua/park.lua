-- Lets a held job wait for its unfinished children. ARGV: id, token. Answers 1 when there are none.
local id = ARGV[1]
local key = job_key(id)
if call('EXISTS', key) == 1 then
  if (try('ZCARD', key .. ':unsuccessful') or 0) ~= 0 then
    return -9
  end
  if (try('SCARD', key .. ':dependencies') or 0) == 0 then
    return 1
  end
end
local code = check_lock(id, ARGV[2])
if code ~= 0 then
  return code
end
call('ZCARD', base .. 'waiting-children') -- an error now, not when the job is nowhere
if not let_go(id) then
  return -3
end
call('ZADD', base .. 'waiting-children', digits(now), id)
emit_and_trim('waiting-children', 'jobId', id, 'prev', 'active')
return 0
