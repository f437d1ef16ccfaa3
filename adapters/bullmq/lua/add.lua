-- Adds a job unless its deduplication id has an owner. ARGV: name, data (JSON), opts (JSON), delay
-- ms, priority, deduplication id ("" for none), ms for which it is kept ("0": until the job ends).
-- Answers the job's id, and 1 when it is new.
local deduplication, kept_ms = ARGV[6], tonumber(ARGV[7])
local id = digits(call('INCR', base .. 'id'))
local owner = deduplication ~= '' and claim_deduplication(deduplication, id, kept_ms)
if owner then
  emit_and_trim('deduplicated', 'jobId', owner, 'deduplicationId', deduplication,
                'deduplicatedJobId', id)
  return {owner, 0}
end
insert(id, {name = ARGV[1], data = ARGV[2], opts = ARGV[3], timestamp = now,
            delay = tonumber(ARGV[4]), priority = tonumber(ARGV[5]),
            deduplication = deduplication ~= '' and deduplication or nil})
return {id, 1}
