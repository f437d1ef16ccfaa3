-- Resumes the queue; answers 0 when it was not paused, and 2 when there are so many jobs to move
-- that another call is needed, until which the queue stays paused.
if call('HEXISTS', base .. 'meta', 'paused') == 0 and call('EXISTS', base .. 'paused') == 0 then
  return 0
end
check_places()
if not move_list('paused', 'wait') then
  return 2
end
call('HDEL', base .. 'meta', 'paused')
forget_rules()
if call('LLEN', base .. 'wait') > 0 or call('ZCARD', base .. 'prioritized') > 0 then
  mark_work()
else
  mark_delay()
end
emit_and_trim('resumed')
return 1
