-- Taking the next job.

local function promote_due()
  local due = next_due()
  if due and due <= now then
    promote_delayed()
  end
end

local largest_field = 65536

-- What a worker needs of a job, and `starts`, how often it was started; nil when there is none. A field that is
-- too large stays behind, and its size is given instead.
local function find_job(id)
  local key = job_key(id)
  local names, sizes = {'name', 'timestamp', 'atm', 'attemptsMade', 'ats', 'defa', 'rjk'}, {}
  for _, name in ipairs({'data', 'opts'}) do
    sizes[name] = try('HSTRLEN', key, name) or 0
    if sizes[name] <= largest_field then
      names[#names + 1] = name
    end
  end
  local job = read_job(id, names)
  if job then
    job.id, job.sizes, job.starts = id, sizes, to_count(job.ats)
    job.made = digits(math.max(to_count(job.atm), to_count(job.attemptsMade)))
    job.kept = math.max(0, (try('HLEN', key .. ':ledger') or 0) - 2) -- beside `job` and `at`
  end
  return job
end

-- As an answer tells of it.
local function describe(job, token, taken_on, start_shown)
  return {job.id, token, taken_on, string.sub(job.name, 1, largest_field), job.data or '', job.sizes.data,
          job.opts or '', job.sizes.opts, job.timestamp or '0', job.made,
          string.sub(job.defa or '', 1, largest_field), job.rjk or '', job.kept, start_shown and 1 or 0}
end

-- One call must not block Redis for long, however many ids without a job there are.
local most_dropped = 1000
local dropped = 0

-- The next job, which is in `active` by then; nil when there is none. Ids without a job behind them (ghosts, and
-- the markers "0:..." of BullMQ 4) are dropped.
local function next_job()
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
    local is_marker = string.sub(id, 1, 2) == '0:'
    local job = not is_marker and find_job(id)
    if job then
      return job
    elseif not is_marker then
      count_ghost(id)
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
local function charge(limit, job)
  if limit and not job.defa and try('INCR', base .. 'limiter') == 1 then
    call('PEXPIRE', base .. 'limiter', digits(limit.duration))
  end
end

-- The first progress of a job, for what looks like a domain and needs no escapes; nil for others.
local function starting(job)
  local domain = not job.defa and decode(job.data).domain
  if type(domain) == 'string' and #domain <= 253 and string.find(domain, '^[%w.-]+$') then
    return '{"status":"starting","domain":"' .. domain .. '"}'
  end
end

-- Whether the first progress is shown.
local function start(job, token, lock_ms, worker)
  local fields = {'processedOn', digits(now), 'ats', digits(job.starts + 1)}
  call('SET', job_key(job.id) .. ':lock', token, 'PX', lock_ms)
  emit('active', 'jobId', job.id, 'prev', 'waiting')
  local progress = starting(job)
  if progress then
    emit_progress(job.id, progress)
    fields = {'progress', progress, unpack(fields)}
  end
  if worker ~= '' then
    fields = {'pb', worker, unpack(fields)}
  end
  call('HSET', job_key(job.id), unpack(fields))
  return progress ~= nil
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
    local job = next_job()
    if not job then
      break
    end
    local token = token_seed .. ':' .. digits(first_token + i) .. ':' .. digits(now)
    charge(limit, job)
    jobs[#jobs + 1] = describe(job, token, now, start(job, token, lock_ms, worker))
  end
  return jobs, 0, false
end

-- Takes as ARGV says, from place `at` on: most jobs (0: none), token seed, number of the first
-- token, lock ms, worker name ("" for none), most starts per window ("" for no limit) and its ms.
-- Answers {jobs, ms until it is worth another try (-1: unknown, or all were found; when the next delayed
-- job is due, or at once when there was too much to drop), ms for which the limit lets none start, ghosts, spoilt},
-- and whether there was nothing at all.
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
  return {jobs, due, limited, ghosts, spoilt}, nothing
end
