// A real shell with the hook of `shell-init`, in a terminal of its own, in a project with data.

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SnapshotEntry } from '../../src/core/documents/documents.ts';
import { cliFile, cliProject, type CliProject } from './cli.ts';
import { startTmux, type Tmux } from './tmux.ts';

export interface ShellKind {
  readonly name: 'bash' | 'zsh' | 'fish';
  /** The user's own start file, relative to the home folder. */
  readonly startFile: string;
  /** What the user's own start file has; its prompt is `[status]$ `. */
  readonly own: string;
  /** What the user's own start file has below the hook. */
  readonly ownBelow?: string;
  readonly command: (home: string) => string;
}

export interface HookedShell {
  readonly project: CliProject;
  readonly home: string;
  readonly terminal: Tmux;
  /** Types a line and waits for the next prompt; answers what stands between the two. */
  readonly type: (line: string) => Promise<string>;
  /** Lines of a file in the home folder. */
  readonly linesOf: (name: string) => number;
  /** Oldest first. */
  readonly guarded: () => readonly SnapshotEntry[];
  readonly end: () => void;
}

/** The data is `data/f0` to `data/f19`. */
export async function startHookedShell(kind: ShellKind): Promise<HookedShell> {
  const files = Array.from({ length: 20 }, (_, index) => [`f${index}`, `${index}`] as const);
  const project = await cliProject({ data: Object.fromEntries(files) });
  writeFileSync(join(project.dir, 'savepoint.json'), '{ "dataDirs": [{ "path": "data" }] }');
  const home = project.env['HOME'] ?? '';
  const print = `'${process.execPath}' '${cliFile()}' shell-init ${kind.name}`;
  const hook = kind.name === 'fish' ? `${print} | source\n` : `eval "$(${print})"\n`;
  writeFileSync(join(home, kind.startFile), kind.own + hook + (kind.ownBelow ?? ''));
  const terminal = startTmux(kind.command(home), { cwd: project.dir, env: project.env });
  await terminal.until(/^\[0\]\$ *$/m);
  return {
    project,
    home,
    terminal,
    async type(line) {
      terminal.type('clear', 'Enter');
      await terminal.until(/^\[\d+\]\$ *\n*$/);
      terminal.type(line, 'Enter');
      const shown = await terminal.until(/\$ [^]*\n\[\d+\]\$ *\n*$/);
      return shown.split('\n').slice(1).join('\n').trimEnd();
    },
    linesOf: (name) => readFileSync(join(home, name), 'utf8').split('\n').length,
    guarded: () => (project.json(0, 'list') as readonly SnapshotEntry[]).toReversed(),
    end: () => terminal.end(),
  };
}
