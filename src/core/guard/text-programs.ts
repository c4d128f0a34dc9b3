// What scripts of sed and awk do besides printing: these two have few words, and they are all here.

/** Files that `w` of sed and the flag of `s///w` write. */
export function sedFiles(script: string): readonly string[] {
  const found = script.matchAll(/(?:^|[\n;{}/|#,!\d$])[ \t]*\d*[gpiIm]*[wW][ \t]+([^\n;}]+)/g);
  return [...found].map(([, path = '']) => path.trim());
}

/** `e` of sed runs programs. */
export function sedRunsPrograms(script: string): boolean {
  return /(?:^|[\n;{}])[ \t]*[\d,$]*[ \t]*e(?:[ \t]|$|\n)|[/|#,][gpiIm\d]*e[gpiIm\d]*(?:$|[\n;}])/.test(
    script,
  );
}

/** `print > FILE`, `print | "sh"`, `"cmd" | getline` and `system()` of awk: a comparison stands before `print`. */
export function awkReaches(program: string): boolean {
  return /\bsystem\s*\(|\bprintf?\b[^;}\n]{0,2000}[>|]|\|&?\s*getline\b|@\w/.test(program);
}
