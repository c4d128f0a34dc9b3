// Lets a test that runs as root act as an ordinary user.

/** Root reads and enters everything, whatever its mode. */
export const isRoot = process.geteuid?.() === 0;

/** Why nobody can be acted for here; undefined where `asUser` works. */
export function cannotActForOthers(): string | undefined {
  if (process.platform !== 'linux') return 'it takes Linux';
  return isRoot ? undefined : 'it takes root';
}

/** Calls `work` with the effective ids of that user, who belongs to no other group. */
export async function asUser<T>(id: number, work: () => Promise<T>): Promise<T> {
  const { seteuid, setegid, setgroups, getgroups } = process;
  if (!seteuid || !setegid || !setgroups || !getgroups || !isRoot) {
    throw new Error('acting as another user takes root');
  }
  const groups = getgroups();
  setgroups([id]);
  setegid(id);
  seteuid(id);
  try {
    return await work();
  } finally {
    seteuid(0);
    setegid(0);
    setgroups(groups);
  }
}
