-- Moving the jobs of one waiting list to another.

local most_moved = 5000

-- To the end that runs next, order kept; false when there is more to move.
local function move_list(from, to)
  local source, target = base .. from, base .. to
  local found, waiting = call('LLEN', source), call('LLEN', target)
  if found == 0 then
    return true
  elseif waiting == 0 then
    call('RENAME', source, target)
    return true
  end
  local ids = call('LRANGE', source, 0, most_moved - 1)
  call('RPUSH', target, unpack(ids))
  call('LTRIM', source, #ids, -1)
  return call('EXISTS', source) == 0
end
