-- New jobs.

-- Stores a job and puts it where it waits; the caller has checked the places and that the key is
-- free, and trims the events. `job` has name, data and opts (JSON), timestamp, delay (ms), priority,
-- and if they apply lifo, scheduler, deduplication, parent_key and parent (JSON).
local function insert(id, job)
  local fields = {'name', job.name, 'data', job.data, 'opts', job.opts, 'timestamp',
                  digits(job.timestamp), 'delay', digits(job.delay), 'priority',
                  digits(job.priority)}
  local function add_field(name, value)
    if value then
      fields[#fields + 1] = name
      fields[#fields + 1] = value
    end
  end
  add_field('rjk', job.scheduler)
  add_field('deid', job.deduplication)
  add_field('parentKey', job.parent_key)
  add_field('parent', job.parent)
  call('HSET', job_key(id), unpack(fields))
  if job.parent_key then
    try('SADD', job.parent_key .. ':dependencies', job_key(id))
  end
  emit('added', 'jobId', id, 'name', job.name)
  if job.delay > 0 then
    local due = job.timestamp + job.delay
    push_delayed(id, due)
    emit('delayed', 'jobId', id, 'delay', digits(due))
    mark_delay()
    return
  end
  if job.priority > 0 then
    push_prioritized(id, job.priority)
  elseif job.lifo then
    push_next(id)
  else
    push_newest(id)
  end
  emit('waiting', 'jobId', id)
end
