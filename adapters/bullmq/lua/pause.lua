-- Pauses the queue; answers 0 when it was paused already. Jobs that wait go where a resume by
-- either generation of BullMQ brings them back.
if call('HEXISTS', base .. 'meta', 'paused') == 1 then
  return 0
end
call('LLEN', base .. 'wait') -- errors now, not when half is done
call('LLEN', base .. 'paused')
call('HSET', base .. 'meta', 'paused', '1')
call('DEL', base .. 'marker')
if waiting_list() == base .. 'paused' then
  move_list('wait', 'paused')
end
emit_and_trim('paused')
return 1
