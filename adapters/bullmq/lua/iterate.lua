-- Adds a scheduler's next job, unless another worker has. ARGV: 1 scheduler, 2 the job just taken,
-- 3 its time, 4 next time (both ms), 5 name, 6 data, 7 opts (both JSON), 8 priority.
local scheduler, previous, next_time = ARGV[1], ARGV[3], ARGV[4]
check_places()
local at = call('ZSCORE', base .. 'repeat', scheduler)
if not at or digits(tonumber(at)) ~= previous or
   ARGV[2] ~= 'repeat:' .. scheduler .. ':' .. previous then
  return 0
end
local id = 'repeat:' .. scheduler .. ':' .. next_time
if call('EXISTS', job_key(id)) == 1 then
  emit_and_trim('duplicated', 'jobId', id)
  return 0
end
call('ZADD', base .. 'repeat', next_time, scheduler)
local record = base .. 'repeat:' .. scheduler
-- Only records of newer versions count; a worker takes the count for a sign that they have a
-- template.
if try('HEXISTS', record, 'ic') == 1 then
  increment(record, 'ic')
end
try('INCR', base .. 'id')
insert(id, {name = ARGV[5], data = ARGV[6], opts = ARGV[7], timestamp = now,
            delay = math.max(0, tonumber(next_time) - now), priority = tonumber(ARGV[8]),
            scheduler = scheduler})
trim_events()
return 1
