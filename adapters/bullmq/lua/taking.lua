-- Taking the next job.

local function promote_due()
  local due = next_due()
  if due and due <= now then
    promote_delayed()
  end
end

local largest_field = 65536

-- The fields that a worker needs; one that is too large stays behind and its size is given instead.
local function describe_job(id, token, taken_on)
  local key = job_key(id)
  local names, sizes = {'name', 'timestamp', 'atm', 'attemptsMade', 'defa', 'rjk'}, {}
  for _, name in ipairs({'data', 'opts'}) do
    sizes[name] = call('HSTRLEN', key, name)
    if sizes[name] <= largest_field then
      names[#names + 1] = name
    end
  end
  local job = read_fields(key, names)
  local made = digits(math.max(to_count(job.atm), to_count(job.attemptsMade)))
  local kept = math.max(0, (try('HLEN', key .. ':ledger') or 0) - 2) -- beside `job` and `at`
  return {id, token, taken_on, string.sub(job.name, 1, largest_field), job.data or '', sizes.data,
          job.opts or '', sizes.opts, job.timestamp or '0', made, string.sub(job.defa or '', 1, largest_field),
          job.rjk or '', kept, 0}
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
      call('LLEN', base .. 'active') -- an error now, not when the job is nowhere
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

-- BullMQ's limit of starts per window: the queue's own maximum comes before the worker's, the
-- worker's duration before the queue's. {max, duration ms}, or nil.
local function start_limit(own_max, own_duration)
  local known = rules()
  local max = tonumber(known.max or '') or -1
  max = max >= 0 and max or own_max
  local duration = own_duration or tonumber(known.duration or '')
  return max and {max = max, duration = to_count(duration)}
end

-- Milliseconds until another job may start; 0: now.
local function limited_for(limit)
  local key = base .. 'limiter'
  if not limit or (tonumber(try('GET', key) or '') or 0) < limit.max then
    return 0
  end
  local left = call('PTTL', key)
  if left == 0 or left == -1 then -- a window without an end would limit nothing from now on
    call('DEL', key)
  elseif limit.duration > 0 and left > limit.duration then -- Redis's clock was set back
    left = limit.duration
    call('PEXPIRE', key, digits(left))
  end
  return math.max(0, left)
end

-- A job that is only to fail costs nothing.
local function charge(limit, id)
  if limit and call('HEXISTS', job_key(id), 'defa') == 0 and
     try('INCR', base .. 'limiter') == 1 then
    call('PEXPIRE', base .. 'limiter', digits(limit.duration))
  end
end

-- The first progress of a job, for what certainly is a domain and needs no escapes; nil for others.
local function starting(data)
  local domain = decode(data).domain
  if type(domain) == 'string' and #domain <= 253 and string.find(domain, '^[%w.-]+$') then
    return '{"status":"starting","domain":"' .. domain .. '"}'
  end
end

-- The job's description; its last part says whether the first progress is shown.
local function start(id, token, lock_ms, worker)
  local job = describe_job(id, token, now)
  local fields, data, is_to_fail = {'processedOn', digits(now)}, job[5], job[11] ~= ''
  call('SET', job_key(id) .. ':lock', token, 'PX', lock_ms)
  emit('active', 'jobId', id, 'prev', 'waiting')
  local progress = not is_to_fail and starting(data)
  if progress then
    emit_progress(id, progress)
    fields = {'progress', progress, unpack(fields)}
  end
  if worker ~= '' then
    fields = {'pb', worker, unpack(fields)}
  end
  call('HSET', job_key(id), unpack(fields))
  increment(job_key(id), 'ats')
  job[14] = progress and 1 or 0
  return job
end

-- At most so many jobs, locked; then the ms for which the limit lets no more start, and whether the
-- queue is held.
local function take(count, token_seed, first_token, lock_ms, worker, limit)
  local jobs = {}
  for i = 0, count - 1 do
    local wait = limited_for(limit)
    if wait > 0 then
      return jobs, wait, false
    end
    if held() then
      return jobs, 0, true
    end
    local id = next_id()
    if not id then
      break
    end
    local token = token_seed .. ':' .. digits(first_token + i) .. ':' .. digits(now)
    charge(limit, id)
    jobs[#jobs + 1] = start(id, token, lock_ms, worker)
  end
  return jobs, 0, false
end

-- Takes as ARGV says, from place `at` on: most jobs (0: none), token seed, number of the first
-- token, lock ms, worker name ("" for none), most starts per window ("" for no limit) and its ms.
-- Answers {jobs, ms until it is worth another try (-1: unknown, or all were found; when the next delayed
-- job is due, or at once when there was too much to drop), ms for which the limit lets none start}, and
-- whether there was nothing at all.
local function take_asked(at)
  local count = tonumber(ARGV[at])
  local jobs, limited, was_held = {}, 0, false
  if count > 0 then
    jobs, limited, was_held =
      take(count, ARGV[at + 1], tonumber(ARGV[at + 2]), ARGV[at + 3], ARGV[at + 4],
           start_limit(tonumber(ARGV[at + 5]), tonumber(ARGV[at + 6])))
  end
  if #jobs > 0 then
    -- The next idle worker looks too.
    try('ZADD', base .. 'marker', 0, '0')
  end
  local due = dropped >= most_dropped and now or #jobs < count and next_due()
  due = due and math.max(0, due - now) or -1
  local nothing = #jobs == 0 and limited == 0 and not was_held and (count == 0 or due < 0)
  return {jobs, due, limited}, nothing
end
