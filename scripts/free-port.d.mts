/** A port of this machine that nothing listens on; never the same one twice in a process. */
export function freePort(): Promise<number>;
