-- Takes what one batch may need, all of it in one step.
--
-- KEYS    the noise counters
-- ARGV    now in ms, an id for counters that begin here, the oldest granule that counts, the granule to take from,
--         the newest one, how long a granule is kept in s, how much longer than its expiry a noise counter is kept
--         in ms, how long what is taken may stay unsettled in ms, the list of what is not settled, the name of what is
--         taken here in it, the number of quotas, the number of spans;
--         per span: name of its partition's claim, offset of its first record, offset behind its last;
--         per noise counter: occurrences to count, ignore limit, expiry in ms;
--         per quota: prefix of its granules' keys, limit, hashes that need it whatever was counted, the number of
--         further hashes and each one's index among the noise counters
-- Answers { { { before, firm expiry in ms, id } per noise counter }, { granted per quota } }.
--
-- Whether a noise counter has expired is judged by ARGV and never by the clock of this server, so that a writer with
-- a clock of its own gets the same answers as from the counters in its process. The server's expiry only cleans up.
--
-- What a writer took and never settled, because it was killed, is settled here. Who begins inside a span that it was
-- taken for has found those records not stored, so all of it is given back, and the same is about to be taken again. Who
-- begins behind the span has found them stored, so it counts as decided. And what was not even decided when its lease is
-- over, by the clock of this server, is given back.

local next_argument = 0
local function argument()
  next_argument = next_argument + 1
  return ARGV[next_argument]
end
local function number() return tonumber(argument()) end

local now, id = number(), argument()
local oldest, taken_from, newest = number(), number(), number()
local granule_ttl, slack, lease = number(), number(), number()
local reservations, reservation, quotas, spans = argument(), argument(), number(), number()

local time = redis.call('TIME')
local clock = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)

for _, name in ipairs(redis.call('ZRANGEBYSCORE', reservations, '-inf', clock)) do
  if redis.call('HEXISTS', name, 'decided') == 1 then
    -- Stored or not: who begins with its records, or behind them, will know.
    redis.call('ZREM', reservations, name)
  else
    settle(now, slack, reservations, name, redis.call('HGET', name, 'taken'))
  end
end

local claims = {}
for i = 1, spans do
  local claim, from, to = argument(), number(), number()
  claims[i] = { claim, from, to }
  local last = redis.call('HMGET', claim, 'from', 'to', 'name')
  if last[3] and from >= tonumber(last[2]) then
    settle(now, slack, reservations, last[3], redis.call('HGET', last[3], 'decided'))
  elseif last[3] and from >= tonumber(last[1]) then
    settle(now, slack, reservations, last[3], redis.call('HGET', last[3], 'taken'))
  end
end

local held = { noise = {}, quotas = {} }
local counted, passes = {}, {}
for i, key in ipairs(KEYS) do
  local asked, limit, expiry = number(), number(), number()
  local stored = redis.call('HMGET', key, 'n', 'id', 'firm', 'tentative', 'pending')
  local n, owner = tonumber(stored[1]) or 0, stored[2]
  local firm, tentative, pending = tonumber(stored[3]) or 0, tonumber(stored[4]) or 0, tonumber(stored[5]) or 0
  if now >= math.max(firm, tentative) then
    n, owner, firm, tentative, pending = 0, id, 0, 0, 0
  end
  counted[i] = { n, firm, owner }
  passes[i] = n + asked >= limit
  if asked > 0 then
    if n == 0 or n + 1 < limit then
      tentative = math.max(tentative, now + expiry)
    end
    redis.call('HSET', key, 'n', n + asked, 'id', owner, 'firm', firm, 'tentative', tentative, 'pending', pending + 1)
    redis.call('PEXPIRE', key, math.max(firm, tentative) - now + slack)
    held.noise[#held.noise + 1] = { key, owner, asked, 0, 0, 0 }
  end
end

local grants = {}
for i = 1, quotas do
  local prefix, limit, wanted, others = argument(), number(), number(), number()
  for _ = 1, others do
    if passes[number()] then wanted = wanted + 1 end
  end
  local granted = 0
  if wanted > 0 then
    local keys, used = {}, 0
    for granule = oldest, newest do
      keys[#keys + 1] = prefix .. string.format('%.0f', granule)
    end
    for _, units in ipairs(redis.call('MGET', unpack(keys))) do
      used = used + (tonumber(units) or 0)
    end
    granted = math.min(wanted, math.max(0, limit - used))
    if granted > 0 then
      local key = prefix .. string.format('%.0f', taken_from)
      redis.call('INCRBY', key, granted)
      redis.call('EXPIRE', key, granule_ttl)
      held.quotas[#held.quotas + 1] = { key, granted }
    end
  end
  grants[i] = granted
end
if #held.noise > 0 or #held.quotas > 0 then
  redis.call('HSET', reservation, 'taken', cjson.encode(held))
  redis.call('EXPIRE', reservation, granule_ttl)
  redis.call('ZADD', reservations, clock + lease, reservation)
  for _, claim in ipairs(claims) do
    redis.call('HSET', claim[1], 'from', string.format('%.0f', claim[2]), 'to', string.format('%.0f', claim[3]), 'name', reservation)
    redis.call('EXPIRE', claim[1], granule_ttl)
  end
end
return { counted, grants }
