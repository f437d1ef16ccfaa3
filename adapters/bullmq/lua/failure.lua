-- The reason joins the stack traces of earlier tries, unless they are too long to be read; `limit` is
-- how many are kept, nil all.
local function write_failure(id, reason, limit)
  call('HSET', job_key(id), 'failedReason', reason)
  local stored = call('HGET', job_key(id), 'stacktrace')
  if stored and #stored > largest_json then
    return
  end
  local traces = {} -- of texts only, which is what dashboards can show
  for _, trace in ipairs(decode(stored)) do
    if type(trace) == 'string' then
      traces[#traces + 1] = trace
    end
  end
  traces[#traces + 1] = reason
  local kept = {}
  for i = math.max(0, limit and #traces - limit or 0) + 1, #traces do
    kept[#kept + 1] = traces[i]
  end
  local text = #kept == 0 and '[]' or cjson.encode(kept)
  call('HSET', job_key(id), 'stacktrace', text)
end
