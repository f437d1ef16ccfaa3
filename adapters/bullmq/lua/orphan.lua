-- Takes the locks of this node's earlier processes away, which are known to be dead, and marks their
-- jobs for the stalled check. ARGV: how tokens of this node begin, how those of this process do.
-- Answers how many.
local node, own = ARGV[1], ARGV[2]
local found = 0
for _, id in ipairs(call('LRANGE', base .. 'active', 0, -1)) do
  local lock = job_key(id) .. ':lock'
  local token = try('GET', lock)
  if token and string.sub(token, 1, #node) == node and string.sub(token, 1, #own) ~= own then
    call('DEL', lock)
    try('SADD', base .. 'stalled', id)
    found = found + 1
  end
end
return found
