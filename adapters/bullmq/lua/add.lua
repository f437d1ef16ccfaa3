-- Adds jobs that share their options, each unless its deduplication id has an owner. ARGV: name,
-- delay ms, priority, ms for which a deduplication id is kept ("0": until the job ends), then for
-- each job data (JSON), opts (JSON) and deduplication id ("" for none). Answers {id, 1 when it is
-- new} for each.
local name, delay, priority = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local kept_ms = tonumber(ARGV[4])
check_places()

-- Where somebody has set the counter back, its ids are those of other jobs. So many calls get it past
-- them.
local most_passed = 10000

local function draw_id()
  local id = try('INCR', base .. 'id')
  if not id and not string.match(try('GET', base .. 'id') or '0', '^%d+$') then
    error('the key ' .. base .. 'id holds no number; set it to the highest number that is the id of a job', 0)
  end
  return digits(id or call('INCR', base .. 'id'))
end

local function draw_ids(count)
  local ids, passed = {}, 0
  while #ids < count do
    local id = draw_id()
    if call('EXISTS', job_key(id)) == 0 then
      ids[#ids + 1] = id
    elseif passed < most_passed then
      passed = passed + 1
    else
      error('the ids that come next are those of other jobs')
    end
  end
  return ids
end

local ids, answers = draw_ids((#ARGV - 4) / 3), {}
for i, id in ipairs(ids) do
  local data, opts, deduplication = ARGV[2 + 3 * i], ARGV[3 + 3 * i], ARGV[4 + 3 * i]
  local owner = deduplication ~= '' and claim_deduplication(deduplication, id, kept_ms)
  if owner then
    emit('deduplicated', 'jobId', owner, 'deduplicationId', deduplication, 'deduplicatedJobId', id)
  else
    insert(id, {name = name, data = data, opts = opts, timestamp = now, delay = delay,
                priority = priority, deduplication = deduplication ~= '' and deduplication or nil})
  end
  answers[i] = {owner or id, owner and 0 or 1}
end
trim_events()
return answers
