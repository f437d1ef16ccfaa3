-- Shows progress, under the job's lock. ARGV: id, token, progress (JSON).
local code = check_lock(ARGV[1], ARGV[2])
if code == 0 then
  write_progress(ARGV[1], ARGV[3])
end
return code
