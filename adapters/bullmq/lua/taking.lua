-- Taking the next job.

local largest_field = 65536

-- The fields that a worker needs; one that is too large stays behind and its size is given instead.
local function describe_job(id, token)
  local key = job_key(id)
  local fields = call('HMGET', key, 'name', 'timestamp', 'atm', 'attemptsMade', 'defa')
  local sizes = {call('HSTRLEN', key, 'data'), call('HSTRLEN', key, 'opts')}
  local data = sizes[1] <= largest_field and call('HGET', key, 'data')
  local opts = sizes[2] <= largest_field and call('HGET', key, 'opts')
  local made = fields[4] and fields[4] ~= '' and fields[4] or fields[3]
  return {id, token, now, fields[1], data or '', sizes[1], opts or '', sizes[2], fields[2] or '0',
          made or '0', fields[5] or ''}
end

-- One call must not block Redis for long, however many ids without a job there are.
local most_dropped = 1000
local dropped = 0

-- The id of the next job, which is in `active` by then; nil when there is none. Ids without a job
-- behind them (ghosts, and the markers "0:..." of BullMQ 4) are dropped.
local function next_id()
  while dropped < most_dropped do
    local id = call('RPOPLPUSH', base .. 'wait', base .. 'active')
    if not id then
      id = call('ZPOPMIN', base .. 'prioritized')[1]
      if not id then
        call('DEL', base .. 'pc')
        return nil
      end
      call('LPUSH', base .. 'active', id)
    end
    if string.sub(id, 1, 2) ~= '0:' and is_job(id) then
      return id
    end
    call('LREM', base .. 'active', 1, id)
    dropped = dropped + 1
  end
end

-- At most `count` jobs, locked; the second value says that the queue is held.
local function take(count, token_seed, first_token, lock_ms, worker)
  promote_due()
  local jobs = {}
  for i = 0, count - 1 do
    if held() then
      return jobs, true
    end
    local id = next_id()
    if not id then
      break
    end
    local token = token_seed .. ':' .. digits(first_token + i)
    call('SET', job_key(id) .. ':lock', token, 'PX', lock_ms)
    emit('active', 'jobId', id, 'prev', 'waiting')
    call('HSET', job_key(id), 'processedOn', digits(now))
    if worker ~= '' then
      call('HSET', job_key(id), 'pb', worker)
    end
    increment(job_key(id), 'ats')
    jobs[#jobs + 1] = describe_job(id, token)
  end
  if #jobs > 0 then
    -- The next idle worker looks too.
    call('ZADD', base .. 'marker', 0, '0')
  end
  return jobs, false
end

-- What a take answers: jobs, and the milliseconds until it is worth another try (-1: unknown),
-- which is when the next delayed job is due, or at once when there was too much to drop.
local function take_answer(jobs)
  local due = next_due()
  if dropped >= most_dropped then
    due = now
  end
  return {jobs, due and math.max(0, due - now) or -1}
end
