-- Only the holder of a job's lock may write for it.

-- Many that are looked for one by one would take a time that grows with the square of their number.
local looked_for, actives = 0, nil

local function is_active(id)
  looked_for = looked_for + 1
  if looked_for == 1 then
    return call('LPOS', base .. 'active', id)
  end
  if not actives then
    actives = {}
    for _, each in ipairs(call('LRANGE', base .. 'active', 0, -1)) do
      actives[each] = true
    end
  end
  return actives[id]
end

-- A lock that ran out while its owner could not reach Redis, or by a step of the clock, is the owner's again as
-- long as the job is still where the take left it: a token ends with the lock's life and the time of the take.
local function regain_lock(id, token)
  local lock = job_key(id) .. ':lock'
  local life, taken_on = string.match(token, ':(%d+):%d+:(%d+)$')
  if not life or tonumber(life) == 0 or call('EXISTS', lock) == 1 or
     call('HGET', job_key(id), 'processedOn') ~= taken_on or not is_active(id) then
    return false
  end
  call('SET', lock, token, 'PX', life)
  try('SREM', base .. 'stalled', id)
  return true
end

local function holds_lock(id, token)
  return try('GET', job_key(id) .. ':lock') == token or regain_lock(id, token)
end

-- 0, or BullMQ's code: -2 the lock of a job is gone, -6 it is someone else's.
local function check_holder(id, token)
  if holds_lock(id, token) then
    return 0
  end
  return try('GET', job_key(id) .. ':lock') and -6 or -2
end

-- The same, or -1: the job is gone.
local function check_lock(id, token)
  return is_job(id) and check_holder(id, token) or -1
end

-- False when the job is not active; its lock goes either way.
local function let_go(id)
  local was_active = call('LREM', base .. 'active', -1, id) > 0
  call('DEL', job_key(id) .. ':lock')
  try('SREM', base .. 'stalled', id)
  return was_active
end

-- What there is of progress, the newest last, each as JSON: listeners stop for good on anything else.
local function write_progress(id, ...)
  for i = 1, select('#', ...) do
    emit_progress(id, (select(i, ...)))
  end
  if ... then
    call('HSET', job_key(id), 'progress', (select(-1, ...)))
  end
end
