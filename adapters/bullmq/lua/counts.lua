-- How many jobs are in each state, whether the queue is paused, and the age in ms of the job that
-- runs next (-1: none).
local function age_of_next()
  local id = call('LINDEX', base .. 'wait', -1) or call('LINDEX', base .. 'paused', -1) or
             call('ZRANGE', base .. 'prioritized', 0, 0)[1]
  local created = id and tonumber(try('HGET', job_key(id), 'timestamp') or '')
  return created and math.max(0, now - created) or -1
end

return {call('LLEN', base .. 'wait') + call('LLEN', base .. 'paused'),
        call('ZCARD', base .. 'prioritized'), call('ZCARD', base .. 'delayed'),
        call('LLEN', base .. 'active'), call('ZCARD', base .. 'waiting-children'),
        call('ZCARD', base .. 'completed'), call('ZCARD', base .. 'failed'),
        call('HEXISTS', base .. 'meta', 'paused'), age_of_next()}
