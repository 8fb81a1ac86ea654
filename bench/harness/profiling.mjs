const { BENCH_PROFILE: folder } = process.env;

/** Flags of every Node process of the benchmark: with BENCH_PROFILE=<folder> it leaves a profile there when it ends. */
export const profilingFlags = folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
