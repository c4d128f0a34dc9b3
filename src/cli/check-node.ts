// The only thing that runs before Node's version is known; everything else could crash on an old one.
// Old syntax on purpose.

const least = [22, 19] as const;
const have = process.versions.node.split('.').map(Number);
const major = have[0] || 0;
const minor = have[1] || 0;

export const isNodeNewEnough = major > least[0] || (major === least[0] && minor >= least[1]);

/** Says so in one line, and ends the process. */
export function refuseOldNode(): never {
  const message = `savepoint needs Node ${least.join('.')} or newer, this is ${process.version}`;
  const hint = 'install a newer Node or put one first on PATH';
  process.stderr.write(`error: ${message}: ${hint}\n`);
  if (process.argv.includes('--json')) {
    const error = { code: 'NODE_TOO_OLD', message, path: null, hint };
    process.stdout.write(`${JSON.stringify({ error })}\n`);
  }
  process.exit(3);
}
