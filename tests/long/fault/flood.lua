-- Every connection asks again and again, for something new each time, from one address or from many.
local number = 0

function init(arguments)
   host, path, addresses = arguments[1], arguments[2], tonumber(arguments[3])
end

-- A tenth of a second over the line: three thousand requests a second in all.
function delay()
   return 100
end

function request()
   number = number + 1
   local from = number % addresses
   local headers = {
      ["Host"] = host,
      ["X-Comes-From"] = string.format("198.51.%d.%d", math.floor(from / 250), from % 250 + 1),
   }
   return wrk.format("GET", path .. number, headers)
end

function done(summary)
   io.write(string.format("requests %d\n", summary.requests))
end
