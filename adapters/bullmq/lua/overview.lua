-- What goes on at present, for who looks on; changes nothing.
-- ARGV: how many jobs at most. Answers {time, how many jobs have ever completed and failed as BullMQ's charts count
-- them ('': nobody keeps these), {id, name of a field, value, ...} of each job at work, that which was taken first ahead}.
-- Long values are left out: a viewer has no room for them.
local longest = 4096

local function ever(set)
  return try('HGET', base .. 'metrics:' .. set, 'count') or ''
end

local jobs = {}
local ids = try('LRANGE', base .. 'active', -tonumber(ARGV[1]), -1) or {}
for i = #ids, 1, -1 do
  local job, names = {ids[i]}, {'name', 'data', 'opts', 'progress', 'timestamp', 'processedOn', 'atm', 'pb'}
  for field, value in ipairs(try('HMGET', job_key(ids[i]), unpack(names)) or {}) do
    if value and #value <= longest then
      job[#job + 1], job[#job + 2] = names[field], value
    end
  end
  jobs[#jobs + 1] = job
end
return {now, ever('completed'), ever('failed'), jobs}
