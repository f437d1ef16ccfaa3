-- Looks at jobs, ledgers and locks that a walk over the keys has met, and puts right what belongs to
-- nothing. ARGV: "look", or "repair" for jobs that a look long enough ago has found in no structure
-- already; then kind ("job", "ledger" or "lock") and id of each. Answers {ids of jobs that are in no
-- structure and not repaired, how many jobs were, how many ended ones, ledgers gone, locks gone}.
-- A look is cheap however long the lists are, and may suspect a job that waits in a long list; a
-- repair makes sure.
local repairing = ARGV[1] == 'repair'
local suspects, jobs, finished, ledgers, locks = {}, 0, 0, 0, 0

-- Lists up to this length are read as a whole, once per call.
local most_read = 1000
-- Elements of longer lists that one call compares: 5 ms. One search may be longer, up to 20 ms.
local most_compared, longest_search = 250000, 1000000
local compared = 0

check_places()
for _, set in ipairs({'waiting-children', 'completed', 'failed'}) do
  call('ZCARD', base .. set)
end
for _, list in ipairs({'wait', 'paused'}) do
  call('LLEN', base .. list)
end

local function created_on(id)
  return tonumber(try('HGET', job_key(id), 'timestamp') or '')
end

local function read_list(name)
  local list = {key = base .. name, length = call('LLEN', base .. name), ids = {}}
  if list.length > most_read then
    local first = name ~= 'active' and call('LINDEX', list.key, -1)
    list.first_created = first and created_on(first)
  else
    for _, id in ipairs(call('LRANGE', list.key, 0, -1)) do
      list.ids[id] = true
    end
  end
  return list
end

local lists = {}

-- A job that is younger than the one that runs next may well wait for its turn.
local function may_wait(list, created)
  return list.key ~= base .. 'active' and not (list.first_created and created < list.first_created)
end

-- Nil when to find out would take too long.
local function search(list, id)
  if list.length > longest_search or compared > 0 and compared + list.length > most_compared then
    return nil
  end
  compared = compared + list.length
  return call('LPOS', list.key, id) and true
end

local function is_listed(name, id, created)
  lists[name] = lists[name] or read_list(name)
  local list = lists[name]
  if list.length <= most_read then
    return list.ids[id] or false
  elseif repairing then
    return search(list, id)
  end
  return may_wait(list, created)
end

-- Nil: unknown.
local function is_placed(id, created)
  if call('EXISTS', job_key(id) .. ':lock') == 1 then
    return true
  end
  for _, set in ipairs({'completed', 'failed', 'delayed', 'prioritized', 'waiting-children'}) do
    if call('ZSCORE', base .. set, id) then
      return true
    end
  end
  for _, list in ipairs({'active', 'wait', 'paused'}) do
    local listed = is_listed(list, id, created)
    if listed ~= false then
      return listed
    end
  end
  return false
end

local function put_back_ended(id, set, ended)
  call('ZADD', base .. set, digits(ended), id)
  finished = finished + 1
end

local function put_back_delayed(id, due)
  push_delayed(id, due)
  emit_and_trim('delayed', 'jobId', id, 'delay', digits(due))
  mark_delay()
end

local function put_back_waiting(id)
  call('HSET', job_key(id), 'delay', '0')
  local priority = job_priority(id)
  if priority > 0 then
    push_prioritized(id, priority)
  elseif read_options(id).lifo == true then
    push_next(id)
  else
    push_newest(id)
  end
  emit_and_trim('waiting', 'jobId', id)
end

-- An end is the last thing that is written of a try, and a rerun takes it away.
local function put_back(id, created)
  local key = job_key(id)
  local fields = call('HMGET', key, 'finishedOn', 'returnvalue', 'failedReason', 'delay')
  local ended = fields[1] and (fields[2] and 'completed' or fields[3] and 'failed')
  if ended then
    return put_back_ended(id, ended, to_count(fields[1]))
  end
  jobs = jobs + 1
  call('HDEL', key, 'finishedOn')
  if (try('SCARD', key .. ':dependencies') or 0) > 0 then
    call('ZADD', base .. 'waiting-children', digits(now), id)
    return emit_and_trim('waiting-children', 'jobId', id)
  end
  local due = created + to_count(fields[4])
  if due > now and due > created then
    put_back_delayed(id, due)
  else
    put_back_waiting(id)
  end
end

-- Creation of what is a job beyond doubt, or nil: the queue has other hashes with a name. Jobs of a
-- group (`gid`, of BullMQ Pro) are in structures of their own.
local function job_created(id)
  local fields = try('HMGET', job_key(id), 'name', 'timestamp', 'gid', 'rjk')
  local created = fields and fields[1] and not fields[3] and tonumber(fields[2] or '')
  local of_schedule = fields and fields[4]
  if created and (of_schedule or not string.find(id, ':', 1, true)) then
    return created
  end
end

local function see_to_job(id)
  local created = job_created(id)
  local placed = not created or is_placed(id, created)
  if placed == false and repairing then
    put_back(id, created)
  elseif not placed then
    suspects[#suspects + 1] = id
  end
end

local function is_gone(id)
  return call('EXISTS', job_key(id)) == 0
end

local function see_to_ledger(id)
  if is_gone(id) and try('HEXISTS', job_key(id) .. ':ledger', 'job') == 1 then
    ledgers = ledgers + call('UNLINK', job_key(id) .. ':ledger')
  end
end

local function see_to_lock(id)
  if is_gone(id) and try('GET', job_key(id) .. ':lock') then
    locks = locks + call('DEL', job_key(id) .. ':lock')
  end
end

local see_to = {job = see_to_job, ledger = see_to_ledger, lock = see_to_lock}
for i = 2, #ARGV, 2 do
  see_to[ARGV[i]](ARGV[i + 1])
end
return {suspects, jobs, finished, ledgers, locks}
