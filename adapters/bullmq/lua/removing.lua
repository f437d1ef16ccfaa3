-- Removing jobs that no worker holds.

-- The structures in which a job can be, by the state that events name.
local places = {
  {'waiting', 'list', 'wait'}, {'waiting', 'list', 'paused'}, {'active', 'list', 'active'},
  {'prioritized', 'zset', 'prioritized'}, {'delayed', 'zset', 'delayed'},
  {'waiting-children', 'zset', 'waiting-children'}, {'completed', 'zset', 'completed'},
  {'failed', 'zset', 'failed'},
}

-- Takes the id out of where it is; answers the state, or nil when it is nowhere.
local function unlist(id)
  for _, place in ipairs(places) do
    local key = base .. place[3]
    if place[2] == 'list' and (try('LREM', key, -1, id) or 0) > 0 or
       place[2] == 'zset' and (try('ZREM', key, id) or 0) > 0 then
      return place[1]
    end
  end
end

local function is_locked(id)
  return call('EXISTS', job_key(id) .. ':lock') == 1
end

-- The job that a living scheduler has planned; without it the scheduler would stop.
local function is_planned(id)
  local scheduler = try('HGET', job_key(id), 'rjk')
  local due = scheduler and try('ZSCORE', base .. 'repeat', scheduler)
  return due and id == 'repeat:' .. scheduler .. ':' .. digits(tonumber(due))
end

-- With all that belongs to the job. The caller has taken it out of its structure.
local function forget(id)
  free_deduplication(id)
  remove_job(id)
  call('DEL', job_key(id) .. ':lock')
end

local remove_tree

-- One call must not block Redis for long, however large a family is.
local most_removed = 1000
local gone = 0

-- Unfinished children go with their parent, unless a worker holds them. False when there are more of
-- them than one call may remove.
local function remove_children(id)
  local cursor = '0'
  repeat
    local page = try('SSCAN', job_key(id) .. ':dependencies', cursor, 'COUNT', 100)
    if not page then
      return true
    end
    cursor = page[1]
    for _, child in ipairs(page[2]) do
      local queue, child_id = string.match(child, '^(.*:)([^:]+)$')
      if queue then
        in_queue(queue, remove_tree, child_id)
      end
      if gone >= most_removed then
        return false
      end
    end
  until cursor == '0'
  return true
end

-- False when another call is needed.
function remove_tree(id)
  if is_locked(id) or not is_job(id) then
    return true
  elseif not remove_children(id) then
    return false
  end
  local state = unlist(id)
  forget(id)
  gone = gone + 1
  emit_and_trim('removed', 'jobId', id, 'prev', state or 'unknown')
  return true
end
