-- Looks for jobs of dead workers, at most once per interval for all workers together.
-- ARGV: interval ms, most stalls allowed, metrics points, failed jobs kept when the job does not say
-- ("" for all). Answers {requeued ids, failed ids}.
-- A job that stalled too often fails here, as BullMQ 5 does it, because a worker of BullMQ 5 would
-- run it again if it were only marked, as BullMQ 6 does it; both counters are kept, since neither
-- generation reads the other's.
local requeued, failed = {}, {}
local interval, most_stalls, points = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local too_often = 'job stalled more than allowable limit'

if not call('SET', base .. 'stalled-check', digits(now), 'PX', interval, 'NX') then
  return {requeued, failed}
end
check_places()
call('ZCARD', base .. 'failed')
trim_events()

-- A living scheduler makes new jobs only while its last one ends.
local function has_scheduler(key)
  local scheduler = call('HGET', key, 'rjk')
  return scheduler and (call('EXISTS', base .. 'repeat:' .. scheduler) == 1 or
                        try('ZSCORE', base .. 'repeat', scheduler))
end

-- removeOnFail as count, age, limit.
local function keep_failed(keep)
  if keep == true then
    return 0
  elseif keep == false then
    return nil
  elseif type(keep) == 'number' then
    return keep
  elseif type(keep) == 'table' then
    return tonumber(keep.count), tonumber(keep.age), tonumber(keep.limit)
  end
  return tonumber(ARGV[4])
end

local function fail(id)
  local key = job_key(id)
  local made = increment(key, 'atm')
  call('HSET', key, 'failedReason', too_often, 'finishedOn', digits(now))
  call('HDEL', key, 'defa')
  local opts = read_options(id)
  release_deduplication(id)
  tell_parent_of_failure(id, too_often)
  keep_or_remove('failed', id, keep_failed(opts.removeOnFail))
  emit('failed', 'jobId', id, 'prev', 'active', 'failedReason', too_often)
  if made >= (tonumber(opts.attempts) or 0) then
    emit('retries-exhausted', 'jobId', id, 'attemptsMade', digits(made))
  end
  count_minute('failed', points)
  failed[#failed + 1] = id
end

local function requeue(id)
  push_next(id)
  emit('waiting', 'jobId', id, 'prev', 'active')
  emit('stalled', 'jobId', id)
  requeued[#requeued + 1] = id
end

local function recover(id)
  local key = job_key(id)
  if call('EXISTS', key .. ':lock') == 1 or call('LREM', base .. 'active', 1, id) == 0 then
    return
  end
  if not is_job(id) then
    return
  end
  local counts = call('HMGET', key, 'stc', 'stalledCounter')
  local stalls = math.max(to_count(counts[1]), to_count(counts[2])) + 1
  call('HSET', key, 'stc', digits(stalls), 'stalledCounter', digits(stalls))
  if stalls > most_stalls and not has_scheduler(key) then
    fail(id)
  else
    requeue(id)
  end
end

-- No more than there were active jobs at the last look.
local suspects = try('SMEMBERS', base .. 'stalled') or {}
call('DEL', base .. 'stalled')
for _, id in ipairs(suspects) do
  if string.sub(id, 1, 2) == '0:' then
    call('LREM', base .. 'active', 1, id)
  else
    recover(id)
  end
end

local active = call('LRANGE', base .. 'active', 0, -1)
for first = 1, #active, 5000 do
  call('SADD', base .. 'stalled', unpack(active, first, math.min(first + 4999, #active)))
end
return {requeued, failed}
