-- Looks for jobs of dead workers, at most once per interval for all workers together: those that were
-- active at the last look already, and hold no lock. Goes in slices, so that no call blocks Redis for
-- long. ARGV: interval ms, most stalls allowed, metrics points, failed jobs kept when the job does not
-- say ("" for all), where the call before stopped (-1: a new look), life of a lock in ms. Answers
-- {requeued ids, failed ids, where to go on (-1: done), ghosts, spoilt}.
-- A job that stalled too often fails here, as BullMQ 5 does it, because a worker of BullMQ 5 would
-- run it again if it were only marked, as BullMQ 6 does it; both counters are kept, since neither
-- generation reads the other's.
local requeued, failed = {}, {}
local interval, most_stalls, points = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local place, lock_life = tonumber(ARGV[5]), tonumber(ARGV[6])
local too_often = 'job stalled more than allowable limit'
local most_suspects, most_marked = 500, 5000

-- Of the look before. One from the future was left by a clock that has been set back since, and would
-- stay for as long as the step was; stock workers stamp with a clock of their own.
local throttle, most_ahead = base .. 'stalled-check', 10000

local function is_throttled()
  if call('SET', throttle, digits(now), 'PX', interval, 'NX') then
    return false
  end
  if (tonumber(try('GET', throttle) or '') or 0) > now + most_ahead then
    return not call('SET', throttle, digits(now), 'PX', interval)
  end
  if call('PTTL', throttle) == -1 then
    call('PEXPIRE', throttle, interval) -- without an end there would be no look any more
  end
  return true
end

if place < 0 and is_throttled() then
  return {requeued, failed, -1, ghosts, spoilt}
end

-- A clock that is set forward ends every lock, also those whose owners live and are about to renew them. So
-- after a time without looks nobody counts as dead until that could be done; but not for ever, where workers
-- live no longer than that. The key holds when the last look was, until when this lasts, and how often in a row.
local function owners_may_return()
  local look, look_life, most_in_row = base .. 'stalled-look', 30 * 86400000, 3
  local last, until_when, in_row = string.match(try('GET', look) or '', '^(%d+) (%d+) (%d+)$')
  last, until_when, in_row = tonumber(last), math.min(tonumber(until_when) or 0, now + lock_life), tonumber(in_row) or 0
  local unknown = not last and (try('SCARD', base .. 'stalled') or 0) > 0 -- a longer step ended the key too
  if (unknown or (last and now > last + math.max(2.5 * interval, 2000))) and in_row < most_in_row then
    until_when, in_row = now + lock_life, in_row + 1
  end
  local sparing = now < until_when
  call('SET', look, digits(now) .. ' ' .. digits(until_when) .. ' ' .. digits(sparing and in_row or 0), 'PX',
    digits(look_life))
  return sparing
end

check_places()
call('ZCARD', base .. 'failed')
local sparing = place < 0 and owners_may_return() -- else it goes on, or its process is known to be dead
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
    return count_ghost(id)
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

-- All suspects before the first new one is marked.
if place <= 0 and not sparing then
  local suspects = try('SPOP', base .. 'stalled', most_suspects) or {}
  for _, id in ipairs(suspects) do
    if string.sub(id, 1, 2) == '0:' then
      call('LREM', base .. 'active', 1, id)
    else
      recover(id)
    end
  end
  if #suspects == most_suspects then
    return {requeued, failed, 0, ghosts, spoilt}
  end
end
place = math.max(place, 0)

-- A clock that was set back makes locks live longer by the step; a dead worker's jobs would wait for
-- that. Tokens of Gleaner say how long their locks live, and a living owner renews its lock anyway.
local function shorten_lock(id)
  local lock = job_key(id) .. ':lock'
  local token = try('GET', lock)
  local life = token and tonumber(string.match(token, '^gl1:[^:]*:[^:]*:(%d+):%d+:%d+$') or '') or 0
  if life > 0 and call('PTTL', lock) > life then
    call('PEXPIRE', lock, digits(life))
  end
end

-- From the tail: jobs are taken to the head. Who moves down unseen meanwhile is marked at the next look.
local active = call('LRANGE', base .. 'active', -place - most_marked, -place - 1)
for _, id in ipairs(active) do
  shorten_lock(id)
end
if #active > 0 then
  try('SADD', base .. 'stalled', unpack(active))
end
return {requeued, failed, #active == most_marked and place + most_marked or -1, ghosts, spoilt}
