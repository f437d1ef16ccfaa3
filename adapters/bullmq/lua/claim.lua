-- Whether a job may collect a domain alone: 0 not as long as the take that does holds its lock, 1 yes, 2 yes, and
-- another has before. A claim needs no release, it ends with the lock. It names job and take, as an id may be given
-- to another job later. ARGV: id, token, domain, ms to remember it.
local id, token = ARGV[1], ARGV[2]
local code = check_lock(id, token)
if code ~= 0 then
  return code
end
local claim = base .. 'collecting:' .. ARGV[3]
local known, holder = pcall(cjson.decode, try('GET', claim) or '')
local other = known and type(holder) == 'table' and holder.id ~= id and holder
if other and other.token == (try('GET', job_key(tostring(other.id)) .. ':lock') or '') then
  return 0
end
call('SET', claim, cjson.encode({id = id, token = token}), 'PX', ARGV[4])
return other and 2 or 1
