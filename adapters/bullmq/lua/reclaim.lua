-- Hands out jobs again that were given to this process in an answer that it never got. ARGV: lock ms,
-- token seed, then first and last number of each run of tokens that it does not know of. Answers as
-- `take_asked` does.
local seed = ARGV[2] .. ':'
local function is_unknown(token)
  local number = token and string.sub(token, 1, #seed) == seed and tonumber(string.match(token, '^%d+', #seed + 1))
  if number then
    for i = 3, #ARGV, 2 do
      if number >= tonumber(ARGV[i]) and number <= tonumber(ARGV[i + 1]) then
        return true
      end
    end
  end
  return false
end

local jobs = {}
for _, id in ipairs(call('LRANGE', base .. 'active', 0, -1)) do
  local token = try('GET', job_key(id) .. ':lock')
  local job = is_unknown(token) and find_job(id)
  if job then
    call('SET', job_key(id) .. ':lock', token, 'PX', ARGV[1])
    jobs[#jobs + 1] = describe(job, token, tonumber(string.match(token, '%d+$')), false)
  end
end
return {jobs, -1, 0}
