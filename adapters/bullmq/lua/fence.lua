-- Only the holder of a job's lock may write for it.

-- 0, or BullMQ's code: -1 the job is gone, -2 its lock is gone, -6 it is someone else's.
local function check_lock(id, token)
  if (try('HLEN', job_key(id)) or 0) == 0 then
    return -1
  end
  local holder = try('GET', job_key(id) .. ':lock')
  if holder == token then
    return 0
  end
  return holder and -6 or -2
end

-- False when the job is not active; its lock goes either way.
local function let_go(id)
  local was_active = call('LREM', base .. 'active', -1, id) > 0
  call('DEL', job_key(id) .. ':lock')
  try('SREM', base .. 'stalled', id)
  return was_active
end

-- `progress` is JSON; listeners stop for good on anything else.
local function write_progress(id, progress)
  call('HSET', job_key(id), 'progress', progress)
  emit_and_trim('progress', 'jobId', id, 'data', progress)
end
