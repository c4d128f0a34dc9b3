// What git's own small files say, read as text.

/** The branch that HEAD is on; null where it is on none. */
export function branchOfHead(head: string): string | null {
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1]?.trim() ?? null;
}

/** Where a file `.git` of a worktree or submodule leads; relative to the folder it lies in, or absolute. */
export function linkedGitDir(text: string): string | null {
  return /^gitdir: (.+)$/m.exec(text)?.[1]?.trim() ?? null;
}
