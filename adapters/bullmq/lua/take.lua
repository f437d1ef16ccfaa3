-- Takes up to so many jobs. ARGV: count, token seed, number of the first token, lock ms, worker
-- name ("" for none).
local jobs = take(tonumber(ARGV[1]), ARGV[2], tonumber(ARGV[3]), ARGV[4], ARGV[5])
return take_answer(jobs)
