-- What the scripts share: a reservation is what one batch took and has not settled.
--
-- It is a hash. `taken` gives all of it back. `decided`, once the batch knows, gives back what it will not have used if
-- it is stored. Both are { noise = { { key, id, occurrences not used, occurrences used, of these the ignored ones,
-- expiry in ms if one was ignored } }, quotas = { { key of the granule, units not used } } }.

local function settle_noise(now, slack, key, id, unused, used, ignored, expiry)
  local stored = redis.call('HMGET', key, 'n', 'id', 'firm', 'tentative', 'pending')
  -- A counter that has expired since, and maybe begun anew, is not the one that was taken from.
  if stored[2] ~= id then return end
  local n = tonumber(stored[1]) - unused
  if n <= 0 then
    redis.call('DEL', key)
    return
  end
  local firm, tentative, pending = tonumber(stored[3]), tonumber(stored[4]), tonumber(stored[5]) - 1
  if ignored > 0 or (used > 0 and firm == 0) then firm = math.max(firm, expiry) end
  if pending <= 0 then
    tentative, pending = 0, 0
  end
  redis.call('HSET', key, 'n', n, 'firm', firm, 'tentative', tentative, 'pending', pending)
  redis.call('PEXPIRE', key, math.max(0, math.max(firm, tentative) - now) + slack)
end

local function settle_quota(key, unused)
  local units = tonumber(redis.call('GET', key))
  if not units then return end
  if units > unused then
    redis.call('DECRBY', key, unused)
  else
    redis.call('DEL', key)
  end
end

-- Settles a reservation by what `text` says, and with no text as if all of it had been used.
local function settle(now, slack, reservations, name, text)
  redis.call('ZREM', reservations, name)
  if redis.call('DEL', name) == 0 or not text then return end
  local what = cjson.decode(text)
  for _, noise in ipairs(what.noise) do settle_noise(now, slack, unpack(noise)) end
  for _, quota in ipairs(what.quotas) do settle_quota(unpack(quota)) end
end
