-- What a worker needs to know to continue a scheduler. ARGV: scheduler, the job just taken. Answers
-- the record's name, data, every, offset and count, its place in time, the job's data and opts.
local record = call('HMGET', base .. 'repeat:' .. ARGV[1], 'name', 'data', 'every', 'offset', 'ic')
local job = call('HMGET', job_key(ARGV[2]), 'data', 'opts')
return {record[1], record[2], record[3], record[4], record[5],
        call('ZSCORE', base .. 'repeat', ARGV[1]), job[1], job[2]}
