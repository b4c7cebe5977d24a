// Stands for a price table that breaks while the service runs: whatever is asked of it from then on, it throws.
const path = require.resolve("@pydantic/genai-prices", {
  paths: [require.resolve("@spancost/instrumentation")],
});
const working = require(path);

let isBroken = false;
setImmediate(() => {
  isBroken = true;
});

function breakable(value) {
  if (typeof value !== "function") return value;
  return (...args) => {
    if (isBroken) throw new Error("the price table is broken");
    return value(...args);
  };
}

const entries = Object.entries(working).map(([name, value]) => [name, breakable(value)]);
require.cache[path].exports = Object.fromEntries(entries);
