-- ARGV: how long a sighting lives, in milliseconds; the sightings that are repeated.
put(tonumber(ARGV[1]), 2, #ARGV)
return {}
