-- Putting a job where it waits, and waking workers.

-- Once per queue and script is enough: only workers take the marker away.
local marked = {}

local function mark_work()
  if not marked[base] and not held() then
    try('ZADD', base .. 'marker', 0, '0')
    marked[base] = true
  end
end

local function mark_delay()
  local due = next_due()
  if due then
    try('ZADD', base .. 'marker', due, '1')
  end
end

-- While a queue is paused, BullMQ 5 keeps its jobs in `paused` and renames that list over `wait` on
-- resume; BullMQ 6 leaves them in `wait`. Both read the result of this choice.
local function find_waiting_list()
  local known = rules()
  if not known.paused then
    return base .. 'wait'
  end
  local major = tonumber(string.match(known.version or '', ':(%d+)') or '')
  if call('EXISTS', base .. 'paused') == 1 or not major or major < 6 then
    return base .. 'paused'
  end
  return base .. 'wait'
end

-- It stays the same within a script.
local waiting_lists = {}

local function waiting_list()
  waiting_lists[base] = waiting_lists[base] or find_waiting_list()
  return waiting_lists[base]
end

-- At the tail stands the job that runs next.
local function push_newest(id)
  call('LPUSH', waiting_list(), id)
  mark_work()
end

local function push_next(id)
  call('RPUSH', waiting_list(), id)
  mark_work()
end

local function job_priority(id)
  return tonumber(call('HGET', job_key(id), 'priority') or '') or 0
end

-- The counter keeps jobs of one priority in order.
local function add_prioritized(id, priority)
  local count = try('INCR', base .. 'pc') or 0
  call('ZADD', base .. 'prioritized', digits(priority * 4294967296 + count % 4294967296), id)
end

local function push_prioritized(id, priority)
  add_prioritized(id, priority)
  mark_work()
end

-- 4,096 places for each millisecond keep jobs that are due together in order.
local function push_delayed(id, due)
  local first = due * 4096
  local last = first + 4095
  local highest = call('ZREVRANGEBYSCORE', base .. 'delayed', digits(last), digits(first),
                       'WITHSCORES', 'LIMIT', 0, 1)
  local score = highest[2] and math.min(tonumber(highest[2]) + 1, last) or first
  call('ZADD', base .. 'delayed', digits(score), id)
end

-- Breaks a script off while nothing is done yet when a job could not be put down again.
local function check_places()
  call('LLEN', waiting_list())
  call('LLEN', base .. 'active')
  call('ZCARD', base .. 'prioritized')
  call('ZCARD', base .. 'delayed')
end

local most_promoted = 1000

-- Lets delayed jobs wait whose time has come.
local function promote_delayed()
  local due = call('ZRANGEBYSCORE', base .. 'delayed', '-inf', digits((now + 1) * 4096 - 1), 'LIMIT', 0,
                   most_promoted)
  check_places()
  call('ZREM', base .. 'delayed', unpack(due))
  local waiting = waiting_list()
  for _, id in ipairs(due) do
    if is_job(id) then
      local priority = job_priority(id)
      if priority > 0 then
        add_prioritized(id, priority)
      else
        call('LPUSH', waiting, id)
      end
      emit('waiting', 'jobId', id, 'prev', 'delayed')
      call('HSET', job_key(id), 'delay', '0')
    else
      count_ghost(id)
    end
  end
  mark_work()
end
