-- How the budget of one API key stands, for who looks on; changes nothing. Behind the part `credits`.
-- KEYS: state (hash), grants (list), credits (hash), reserved (sorted set), as for an exchange.
-- ARGV: for each window its requests and its length in ms.
-- Answers {now, until when nothing is granted (0: something is), 1 when the key is drained, day and what was spent in it, month (its
-- first day) and likewise, reserved, what the account has left ("": nobody has read it, "untold": it does not say), the date on which it gets new credits (""), and for each
-- window how many requests of it are used at present and how many went out within its length}.
-- Days are counted from 1970.
local call = redis.call
local clock = call('TIME')
local now = tonumber(clock[1]) * 1000 + math.floor(tonumber(clock[2]) / 1000)

local most = 0
for i = 1, #ARGV, 2 do
  most = math.max(most, tonumber(ARGV[i]))
end
local ahead = 512 -- so many more may be granted for times to come
local grants = most > 0 and call('LRANGE', KEYS[2], -most - ahead, -1) or {}

local function used_within(length)
  local count = 0
  for i = #grants, 1, -1 do
    local at = tonumber(grants[i])
    if at <= now - length then
      break
    end
    count = count + (at <= now and 1 or 0)
  end
  return count
end

local reserved = 0
for _, member in ipairs(call('ZRANGEBYSCORE', KEYS[4], whole(now - longest_flight), '+inf')) do
  reserved = reserved + held_by(member)
end

local state = call('HMGET', KEYS[1], 'open_at', 'drained')
local spent = call('HMGET', KEYS[3], 'day', 'day_spent', 'month', 'month_spent', 'remaining', 'since', 'reset')
local remaining = tonumber(spent[5]) and string.format('%.3f', tonumber(spent[5]) - (tonumber(spent[6]) or 0)) or
                    spent[5] or ''
local open_at = tonumber(state[1]) or 0
local answer = {now, open_at > now and open_at or 0, state[2] and 1 or 0, tonumber(spent[1]) or 0, spent[2] or '0',
  tonumber(spent[3]) or 0, spent[4] or '0', string.format('%.3f', reserved), remaining, spent[7] or ''}
for i = 1, #ARGV, 2 do
  local limit = tonumber(call('HGET', KEYS[1], 'limit:' .. ARGV[i] .. '/' .. ARGV[i + 1])) or 0
  local requests = tonumber(ARGV[i])
  answer[#answer + 1] = limit > 0 and math.min(limit, requests) or requests
  answer[#answer + 1] = used_within(tonumber(ARGV[i + 1]))
end
return answer
