import { realpathSync } from 'node:fs';
import { guardedShells, shellHook } from '../../core/guard/shells/shell-hook.ts';
import { visible } from '../../core/format/width.ts';
import type { RunCommand } from '../command.ts';

/** Prints the hook. For an unknown shell one line: its start file must not fail for that. */
export const runShellInit: RunCommand = async ({ terminal }, [shell = '']) => {
  const words = [process.execPath, realpathSync(process.argv[1] ?? '')];
  const name = shell.slice(shell.lastIndexOf('/') + 1).replace(/^-|\.exe$/g, '');
  const known = name === 'powershell' ? 'pwsh' : name;
  const hook = shellHook(known, words, process.versions['electron'] !== undefined);
  if (hook !== undefined)
    return { document: { shell: known, hook }, lines: () => [hook.trimEnd()] };
  terminal.err([`savepoint: ${visible(name)} is not guarded here; use savepoint run -- COMMAND`]);
  return { document: { shell: name, hook: null, shells: guardedShells }, lines: () => [] };
};
