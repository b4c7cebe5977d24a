// A service that runs until it is asked to end, without a listener of its own for that.
setInterval(() => {}, 1_000);
console.log("ready");
