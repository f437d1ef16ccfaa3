-- Removes a scheduler and its next job, unless that runs already. ARGV: id. Answers 0 when there is
-- none.
local planned = call('ZSCORE', base .. 'repeat', ARGV[1])
if planned then
  local id = 'repeat:' .. ARGV[1] .. ':' .. digits(tonumber(planned))
  local place = not is_locked(id) and call('EXISTS', job_key(id)) == 1 and unlist(id)
  if place then
    forget(id)
    emit_and_trim('removed', 'jobId', id, 'prev', place)
  end
  call('ZREM', base .. 'repeat', ARGV[1])
end
return call('DEL', base .. 'repeat:' .. ARGV[1]) + (planned and 1 or 0) > 0 and 1 or 0
