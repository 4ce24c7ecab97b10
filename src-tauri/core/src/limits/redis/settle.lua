-- Gives back what one batch took and did not use.
--
-- KEYS    the noise counters, then granules of quotas
-- ARGV    now in ms, how much longer than its expiry a noise counter is kept in ms, the list of what is not settled, the
--         name in it of what is settled here, the number of noise counters;
--         per noise counter: the id it had, occurrences not used, occurrences used, of these the ignored ones, its
--         expiry in ms if one was ignored;
--         per granule: units to give back

local now, slack, counters = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[5])

redis.call('DEL', ARGV[4])
if redis.call('ZREM', ARGV[3], ARGV[4]) == 0 and #KEYS > 0 then
  -- Its lease was over, and all of it was given back.
  return 0
end

for i = 1, counters do
  local key, at = KEYS[i], 5 + (i - 1) * 5
  local id, unused = ARGV[at + 1], tonumber(ARGV[at + 2])
  local used, ignored, expiry = tonumber(ARGV[at + 3]), tonumber(ARGV[at + 4]), tonumber(ARGV[at + 5])
  local stored = redis.call('HMGET', key, 'n', 'id', 'firm', 'tentative', 'pending')
  -- A counter that has expired since, and maybe begun anew, is not the one that was taken from.
  if stored[2] == id then
    local n = tonumber(stored[1]) - unused
    if n <= 0 then
      redis.call('DEL', key)
    else
      local firm, tentative, pending = tonumber(stored[3]), tonumber(stored[4]), tonumber(stored[5]) - 1
      if ignored > 0 or (used > 0 and firm == 0) then
        firm = math.max(firm, expiry)
      end
      if pending <= 0 then
        tentative, pending = 0, 0
      end
      redis.call('HSET', key, 'n', n, 'firm', firm, 'tentative', tentative, 'pending', pending)
      redis.call('PEXPIRE', key, math.max(0, math.max(firm, tentative) - now) + slack)
    end
  end
end

for i = counters + 1, #KEYS do
  local key, unused = KEYS[i], tonumber(ARGV[5 + counters * 5 + i - counters])
  local units = tonumber(redis.call('GET', key))
  if units then
    if units > unused then
      redis.call('DECRBY', key, unused)
    else
      redis.call('DEL', key)
    end
  end
end
return 0
