-- What a worker needs to know to continue a scheduler. ARGV: scheduler, the job just taken. Answers
-- the record's name, data, every, offset and count, its place in time, the job's data and opts.
local record = try('HMGET', base .. 'repeat:' .. ARGV[1], 'name', 'data', 'every', 'offset', 'ic') or {}
local job = call('HMGET', job_key(ARGV[2]), 'data', 'opts')
return {record[1] or false, record[2] or false, record[3] or false, record[4] or false,
        record[5] or false, call('ZSCORE', base .. 'repeat', ARGV[1]), job[1], job[2]}
