-- The key "de:<id>" names the job that owns a deduplication id: with an expiry until then, without
-- one until its owner ends.

-- A text or nothing; all else is somebody else's.
local function is_text(key)
  return type(redis.pcall('GET', key)) ~= 'table'
end

-- Makes `id` the owner; answers another one that is there already. A key without expiry whose owner
-- is gone holds nobody up.
local function claim_deduplication(name, id, kept_ms)
  local key = base .. 'de:' .. name
  if not is_text(key) then
    return nil
  end
  local owner = call('GET', key)
  if owner and (call('PTTL', key) > 0 or call('EXISTS', job_key(owner)) == 1) then
    return owner
  end
  if kept_ms > 0 then
    call('SET', key, id, 'PX', digits(kept_ms))
  else
    call('SET', key, id)
  end
end

-- Adds the job that BullMQ 6 kept back while its owner was active (keepLastIfActive).
local function add_kept_back(name)
  local key = base .. 'dn:' .. name
  if call('EXISTS', key) == 0 or not is_text(base .. 'de:' .. name) then
    return
  end
  check_places()
  local kept = read_fields(key, {'name', 'data', 'opts', 'jid', 'rjk', 'pk', 'pd'})
  local counter = digits(call('INCR', base .. 'id'))
  call('DEL', key)
  local id = kept.jid and kept.jid ~= '' and kept.jid or counter
  local readable, opts = pcall(cjson.decode, kept.opts or '')
  if not kept.name or not readable or type(opts) ~= 'table' or call('EXISTS', job_key(id)) == 1 then
    return
  end
  call('SET', base .. 'de:' .. name, id)
  insert(id, {name = kept.name, data = kept.data or '{}', opts = kept.opts,
              timestamp = tonumber(opts.timestamp) or now, delay = tonumber(opts.delay) or 0,
              priority = tonumber(opts.priority) or 0, lifo = opts.lifo == true,
              scheduler = kept.rjk, deduplication = name, parent_key = kept.pk, parent = kept.pd})
end

-- A removed job gives up its deduplication id, whatever the time that it was claimed for.
local function free_deduplication(id)
  local name = try('HGET', job_key(id), 'deid')
  if name and try('GET', base .. 'de:' .. name) == id then
    call('DEL', base .. 'de:' .. name)
  end
end

-- An ending job gives up its deduplication id, unless the key is to expire by itself.
local function release_deduplication(id)
  local name = call('HGET', job_key(id), 'deid')
  if not name then
    return
  end
  local key = base .. 'de:' .. name
  local left = call('PTTL', key)
  if left == 0 or (left == -1 and try('GET', key) == id) then
    call('DEL', key)
  end
end
