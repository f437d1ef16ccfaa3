-- What a queue is made of: the version that its last stock client left, 1 when the queue is one of
-- BullMQ's predecessor Bull, then a key that is not of the type that BullMQ 5 and 6 use, and its type.
local types = {
  meta = 'hash', id = 'string', wait = 'list', paused = 'list', active = 'list',
  prioritized = 'zset', delayed = 'zset', completed = 'zset', failed = 'zset', marker = 'zset',
  stalled = 'set', events = 'stream', ['waiting-children'] = 'zset', ['repeat'] = 'zset',
}
local wrong, found = '', ''
for name, wanted in pairs(types) do
  local actual = call('TYPE', base .. name).ok
  if actual ~= 'none' and actual ~= wanted then
    wrong, found = base .. name, actual
  end
end
local version = wrong ~= base .. 'meta' and call('HGET', base .. 'meta', 'version') or ''
return {version, call('EXISTS', base .. 'meta-paused', base .. 'priority') > 0 and 1 or 0, wrong,
        found}
