import fc from "fast-check";

// The same cases in every run, so that a red build is the change's own doing. To look for new ones:
// FAST_CHECK_SEED=$RANDOM npm run test:flow
fc.configureGlobal({ seed: Number(process.env["FAST_CHECK_SEED"] ?? 20_261_121) });
