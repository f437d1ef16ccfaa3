-- Jobs that wait for other jobs. A parent may be in another queue, of the same hash slot.

-- Runs `step` with that queue as the one that all functions work on; answers what it answers. What is
-- wrong over there must not break off what is done here.
local function in_queue(queue, step, ...)
  local own = base
  base = queue
  local fine, answer = pcall(step, ...)
  base = own
  return fine and answer
end

-- The parent that a job names, or nil: its key, id, queue, and by their short names the options that
-- say what a failure of the job does to it. BullMQ 5 has those in the job's options as well.
local function parent_of(id)
  local fields = call('HMGET', job_key(id), 'parentKey', 'parent')
  local key = fields[1]
  if not key or key == '' then
    return nil
  end
  local named = decode(fields[2])
  local queue, parent_id = tostring(named.queueKey) .. ':', tostring(named.id)
  if queue .. parent_id ~= key then
    queue, parent_id = string.match(key, '^(.*:)([^:]+)$')
    if not queue then
      return nil
    end
  end
  local parent, opts = {key = key, id = parent_id, queue = queue}, read_options(id)
  for _, flag in ipairs({'fpof', 'cpof', 'idof', 'rdof'}) do
    parent[flag] = named[flag] == true or opts[flag] == true
  end
  return parent
end

-- True when the parent was waiting for the job. The keys are named by others.
local function leave_parent(parent, id)
  return try('SREM', parent.key .. ':dependencies', job_key(id)) == 1
end

local function requeue_parent(id)
  local delay = tonumber(call('HGET', job_key(id), 'delay') or '') or 0
  if delay > 0 then
    push_delayed(id, now + delay)
    emit('delayed', 'jobId', id, 'delay', digits(now + delay))
    mark_delay()
    return
  end
  local priority = job_priority(id)
  if priority > 0 then
    push_prioritized(id, priority)
  else
    push_next(id)
  end
  emit('waiting', 'jobId', id, 'prev', 'waiting-children')
end

local function release_parent(id)
  check_places()
  if call('ZREM', base .. 'waiting-children', id) == 1 then
    requeue_parent(id)
  end
end

local function release_if_none_pending(id)
  if call('SCARD', job_key(id) .. ':dependencies') == 0 then
    release_parent(id)
  end
end

local function tell_parent_of_value(id, value)
  local parent = parent_of(id)
  if parent and leave_parent(parent, id) then
    try('HSET', parent.key .. ':processed', job_key(id), value)
    in_queue(parent.queue, release_if_none_pending, parent.id)
  end
end

-- A parent that waits fails at once, as BullMQ 5 does it: a worker of BullMQ 5 would run and complete
-- one that BullMQ 6 only marks. One that runs or is about to is marked; whoever takes it fails it.
-- True when it failed.
local function fail_parent(id, reason)
  if not is_job(id) then
    return
  end
  call('ZCARD', base .. 'failed') -- an error now, not when the parent is nowhere
  local waited = call('ZREM', base .. 'waiting-children', id) == 1 and 'waiting-children' or
                 call('ZREM', base .. 'delayed', id) == 1 and 'delayed'
  if waited then
    call('ZADD', base .. 'failed', digits(now), id)
    call('HSET', job_key(id), 'failedReason', reason, 'finishedOn', digits(now))
    emit('failed', 'jobId', id, 'failedReason', reason, 'prev', waited)
    release_deduplication(id)
    return true
  elseif not call('ZSCORE', base .. 'failed', id) then
    call('HSET', job_key(id), 'defa', reason)
  end
end

-- For a job that failed for good. Without an option the parent goes on waiting, until someone
-- retries or removes the job. Answers a parent that failed as well.
local function pass_failure_on(id, reason)
  local parent = parent_of(id)
  local key = job_key(id)
  if not parent or not (parent.fpof or parent.cpof or parent.idof or parent.rdof) or
     not leave_parent(parent, id) then
    return
  end
  if parent.fpof then
    try('ZADD', parent.key .. ':unsuccessful', digits(now), key)
    parent.reason = 'child ' .. key .. ' failed'
    return in_queue(parent.queue, fail_parent, parent.id, parent.reason) and parent
  elseif parent.cpof then
    try('HSET', parent.key .. ':failed', key, reason)
    in_queue(parent.queue, release_parent, parent.id)
  else
    if parent.idof then
      try('HSET', parent.key .. ':failed', key, reason)
    end
    in_queue(parent.queue, release_if_none_pending, parent.id)
  end
end

-- Up to the eldest: Lua's stack would not hold every family.
local function tell_parent_of_failure(id, reason)
  local failed = {queue = base, id = id, reason = reason}
  while failed do
    failed = in_queue(failed.queue, pass_failure_on, failed.id, failed.reason)
  end
end

-- Takes a job out of the world with all that belongs to it; its parent no longer waits for it. Keys
-- that are no jobs stay, whatever the lists say. What may be large is freed in the background.
local function remove_job(id)
  if not is_job(id) then
    return
  end
  local parent = parent_of(id)
  if parent and leave_parent(parent, id) then
    in_queue(parent.queue, release_if_none_pending, parent.id)
  end
  local key = job_key(id)
  call('UNLINK', key, key .. ':logs', key .. ':ledger', key .. ':dependencies', key .. ':processed',
       key .. ':failed', key .. ':unsuccessful')
end
