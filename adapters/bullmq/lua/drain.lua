-- Removes jobs that wait, at most so many; the next ones of schedules stay. ARGV: "1" with the delayed
-- ones, most. Answers how many were removed, and 1 when there are more.
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

-- The next jobs of schedulers stay wherever they are, or the schedulers would stop.
local function drain(kind, name)
  local key, kept = base .. name, 0
  local read = kind == 'list' and 'LRANGE' or 'ZRANGE'
  while removed < most do
    local id = call(read, key, kept, kept)[1]
    if not id then
      return
    elseif is_planned(id) then
      kept = kept + 1
    else
      if kind == 'list' then
        call('LREM', key, 1, id)
      else
        call('ZREM', key, id)
      end
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
drain('list', 'wait')
drain('list', 'paused')
drain('zset', 'prioritized')
if ARGV[1] == '1' then
  drain('zset', 'delayed')
end
return {removed, removed >= most and 1 or 0}
