-- Takes the locks of this node's earlier processes away, which are known to be dead, and marks their
-- jobs for the stalled check. ARGV: how tokens of this node begin, how those of this process do, which
-- come after those of earlier ones: so the last words of a dead process, which may arrive late, take
-- nothing from its successor. Answers how many.
local node, own = ARGV[1], ARGV[2]
local found = 0
for _, id in ipairs(call('LRANGE', base .. 'active', 0, -1)) do
  local lock = job_key(id) .. ':lock'
  local token = try('GET', lock)
  if token and string.sub(token, 1, #node) == node and token < own then
    call('DEL', lock)
    call('HDEL', job_key(id), 'processedOn') -- else the lock could be regained
    try('SADD', base .. 'stalled', id)
    found = found + 1
  end
end
return found
