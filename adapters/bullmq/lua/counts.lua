-- How many jobs are in each state, whether the queue is paused, the age in ms of the job that runs
-- next (-1: none), for how many ms the schedule that is due first has been due (0: none is), for how
-- many ms more the queue's rate limit holds takes up (0: it does not), which of the waiting ones the
-- list of paused jobs has, and how many jobs BullMQ's metrics have counted as completed and failed.
local function age_of_next()
  local id = call('LINDEX', base .. 'wait', -1) or call('LINDEX', base .. 'paused', -1) or
             call('ZRANGE', base .. 'prioritized', 0, 0)[1]
  local created = id and tonumber(try('HGET', job_key(id), 'timestamp') or '')
  return created and math.max(0, now - created) or -1
end

-- The score of a schedule is the time of its next job, until that has started.
local function overdue()
  local first = call('ZRANGE', base .. 'repeat', 0, 0, 'WITHSCORES')[2]
  return first and math.floor(math.max(0, now - tonumber(first))) or 0
end

local function charted(set)
  return tonumber(try('HGET', base .. 'metrics:' .. set, 'count') or '') or 0
end

local paused = call('LLEN', base .. 'paused')
return {call('LLEN', base .. 'wait') + paused,
        call('ZCARD', base .. 'prioritized'), call('ZCARD', base .. 'delayed'),
        call('LLEN', base .. 'active'), call('ZCARD', base .. 'waiting-children'),
        call('ZCARD', base .. 'completed'), call('ZCARD', base .. 'failed'),
        call('HEXISTS', base .. 'meta', 'paused'), age_of_next(), overdue(),
        math.max(0, call('PTTL', base .. 'limiter')), paused, charted('completed'), charted('failed')}
