-- wrk reads each answer with this: one that is not what was asked for is counted as wrong.
local threads = {}

function setup(thread)
   table.insert(threads, thread)
end

function init(arguments)
   status, length, sentence = tonumber(arguments[1]), tonumber(arguments[2]), arguments[3]
   wrong = 0
end

function response(answered, headers, body)
   if answered ~= status or #body ~= length or not string.find(body, sentence, 1, true) then
      wrong = wrong + 1
   end
end

function done(summary, latency, requests)
   local total = 0
   for _, thread in ipairs(threads) do
      total = total + thread:get("wrong")
   end
   local errors = summary.errors
   io.write(string.format(
      'figures {"requests": %d, "seconds": %f, "wrong": %d, "broken": %d, "p50_ms": %f, "p99_ms": %f}\n',
      summary.requests, summary.duration / 1e6, total,
      errors.connect + errors.read + errors.write + errors.timeout,
      latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
