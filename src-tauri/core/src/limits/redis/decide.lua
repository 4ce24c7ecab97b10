-- Notes what one batch will have used of what it took, should it be stored.
--
-- ARGV    the name of what was taken, what to give back then

if redis.call('EXISTS', ARGV[1]) == 1 then redis.call('HSET', ARGV[1], 'decided', ARGV[2]) end
return 0
