-- Adds jobs that share their options, each unless its deduplication id has an owner. ARGV: name,
-- delay ms, priority, ms for which a deduplication id is kept ("0": until the job ends), then for
-- each job data (JSON), opts (JSON) and deduplication id ("" for none). Answers {id, 1 when it is
-- new} for each.
local name, delay, priority = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local kept_ms = tonumber(ARGV[4])
local answers = {}
for i = 5, #ARGV, 3 do
  local data, opts, deduplication = ARGV[i], ARGV[i + 1], ARGV[i + 2]
  local id = digits(call('INCR', base .. 'id'))
  local owner = deduplication ~= '' and claim_deduplication(deduplication, id, kept_ms)
  if owner then
    emit('deduplicated', 'jobId', owner, 'deduplicationId', deduplication, 'deduplicatedJobId', id)
  else
    insert(id, {name = name, data = data, opts = opts, timestamp = now, delay = delay,
                priority = priority, deduplication = deduplication ~= '' and deduplication or nil})
  end
  answers[#answers + 1] = {owner or id, owner and 0 or 1}
end
trim_events()
return answers
