-- Gives back what one batch took and did not use.
--
-- ARGV    now in ms, how much longer than its expiry a noise counter is kept in ms, the list of what is not settled, the
--         name in it of what is settled here, what to give back
--
-- Nothing happens where somebody else has settled it.

settle(tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4], ARGV[5])
return 0
