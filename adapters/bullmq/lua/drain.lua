-- Removes jobs that wait, at most so many. ARGV: "1" with the delayed ones, most. Answers how many
-- were removed, and 1 when there are more.
local most, removed = tonumber(ARGV[2]), 0

-- A parent in this queue goes with the last of its children; one of another queue runs.
local function drain_job(id)
  while id do
    local parent = is_job(id) and parent_of(id)
    local goes = parent and parent.queue == base and leave_parent(parent, id) and
                 call('SCARD', parent.key .. ':dependencies') == 0 and
                 call('ZREM', base .. 'waiting-children', parent.id) == 1
    forget(id)
    removed = removed + 1
    id = goes and parent.id
  end
end

local function drain(kind, name)
  local key = base .. name
  local ids = kind == 'list' and call('LRANGE', key, 0, most - removed - 1) or
              kind == 'zset' and call('ZRANGE', key, 0, most - removed - 1)
  for _, id in ipairs(ids) do
    if kind == 'list' then
      call('LREM', key, 1, id)
    else
      call('ZREM', key, id)
    end
    drain_job(id)
  end
end

-- The next jobs of schedulers stay, or the schedulers would stop.
local function drain_delayed()
  local kept = 0
  while removed < most do
    local id = call('ZRANGE', base .. 'delayed', kept, kept)[1]
    if not id then
      return
    elseif is_planned(id) then
      kept = kept + 1
      if kept >= most then
        return
      end
    else
      call('ZREM', base .. 'delayed', id)
      drain_job(id)
    end
  end
end

for _, name in ipairs({'wait', 'paused'}) do
  call('LLEN', base .. name) -- errors now, not when half is done
end
for _, name in ipairs({'prioritized', 'delayed', 'waiting-children'}) do
  call('ZCARD', base .. name)
end
for _, place in ipairs({{'list', 'wait'}, {'list', 'paused'}, {'zset', 'prioritized'}}) do
  if removed < most then
    drain(place[1], place[2])
  end
end
if ARGV[1] == '1' and removed < most then
  drain_delayed()
end
return {removed, removed >= most and 1 or 0}
