const children = new Set();

process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
// Whoever started this row is gone: so are its figures.
process.once('disconnect', () => process.exit(1));

/** Has the child end with this process, whatever ends it. */
export function kept(child) {
  children.add(child);
  child.once('exit', () => children.delete(child));
  return child;
}
