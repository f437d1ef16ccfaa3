-- Removing jobs that no worker holds.

-- The structures in which a job can be; events name them so.
local places = {
  {'list', 'wait'}, {'list', 'paused'}, {'list', 'active'}, {'zset', 'prioritized'}, {'zset', 'delayed'},
  {'zset', 'waiting-children'}, {'zset', 'completed'}, {'zset', 'failed'},
}

-- Takes the id out of where it is; answers the structure, or nil when it is nowhere.
local function unlist(id)
  for _, place in ipairs(places) do
    local kind, name = unpack(place)
    if kind == 'list' and (try('LREM', base .. name, -1, id) or 0) > 0 or
       kind == 'zset' and (try('ZREM', base .. name, id) or 0) > 0 then
      return name
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

local function take_away(id)
  local place = unlist(id)
  forget(id)
  emit_and_trim('removed', 'jobId', id, 'prev', place or 'unknown')
end

-- The next of the jobs that a job waits for, by its key; nil when there is none left.
local function next_child(parent)
  while parent.at > #parent.page do
    local page = parent.cursor and
                 try('SSCAN', parent.key .. ':dependencies', parent.cursor, 'COUNT', 100)
    if not page then
      return nil
    end
    parent.cursor, parent.page, parent.at = page[1] ~= '0' and page[1], page[2], 1
  end
  parent.at = parent.at + 1
  return parent.page[parent.at - 1]
end

-- One call must not block Redis for long, however large a family is, and however long the lists in
-- which its members have to be found.
local most_removed, longest_ms = 1000, 20

-- Removes a job; its unfinished children go first, unless a worker holds them. False when another
-- call is needed. A family may be of any depth, and somebody may have made a job its own ancestor.
local function remove_tree(root)
  local path, seen, gone = {}, {}, 0
  local function enter(queue, id)
    local key = queue .. id
    if not seen[key] and not in_queue(queue, is_locked, id) then
      path[#path + 1] = {queue = queue, id = id, key = key, cursor = '0', page = {}, at = 1}
    end
    seen[key] = true
  end
  enter(base, root)
  while #path > 0 and (gone == 0 or gone < most_removed and clock() < now + longest_ms) do
    local job = path[#path]
    local child = next_child(job)
    local queue, id = string.match(child or '', '^(.*:)([^:]+)$')
    if not child then
      in_queue(job.queue, take_away, job.id)
      path[#path] = nil
      gone = gone + 1
    elseif queue and in_queue(queue, is_job, id) then
      enter(queue, id)
    else -- nobody will ever end it
      try('SREM', job.key .. ':dependencies', child)
      gone = gone + 1
    end
  end
  return #path == 0
end
