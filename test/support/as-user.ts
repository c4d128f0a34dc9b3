// Lets a test that runs as root act as an ordinary user.

/** Calls `work` with the effective ids of that user, who belongs to no other group. */
export async function asUser<T>(id: number, work: () => Promise<T>): Promise<T> {
  const { seteuid, setegid, setgroups, getgroups } = process;
  if (!seteuid || !setegid || !setgroups || !getgroups || process.geteuid?.() !== 0) {
    throw new Error('this test acts as another user, for which it has to be root');
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
