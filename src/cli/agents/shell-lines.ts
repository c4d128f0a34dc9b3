// The lines by which the shell hook is loaded, in the start files of shells.

import { basename, join } from 'node:path';
import { readSettings, type SettingsChange } from './settings-change.ts';

const startFiles = [
  '.bashrc',
  '.bash_profile',
  '.profile',
  '.zshrc',
  '.zprofile',
  '.config/fish/config.fish',
  '.config/fish/conf.d/savepoint.fish',
  '.config/powershell/Microsoft.PowerShell_profile.ps1',
  '.config/powershell/profile.ps1',
  'Documents/PowerShell/Microsoft.PowerShell_profile.ps1',
  'Documents/PowerShell/profile.ps1',
];

/** What takes `eval "$(savepoint shell-init bash)"` and its like out; a comment right above that names us goes with it. */
export function shellRemovals(
  home: string,
  env: Readonly<Record<string, string | undefined>>,
): readonly SettingsChange[] {
  const folders = [home, ...(env['ZDOTDIR'] ? [env['ZDOTDIR']] : [])];
  const paths = [
    ...new Set(folders.flatMap((folder) => startFiles.map((file) => join(folder, file)))),
  ];
  return paths.flatMap((path) => {
    const before = readSettings(path);
    if (before === null) return [];
    const after = withoutShellLines(before);
    if (after === before) return [];
    // A start file is its user's, also where nothing else was in it; one of our name is ours.
    const isOurs = basename(path).startsWith('savepoint.') && after.trim() === '';
    return [{ path, before, after: isOurs ? null : after }];
  });
}

function withoutShellLines(text: string): string {
  const lines = text.split('\n');
  const isOwn = (line: string | undefined): boolean =>
    line !== undefined &&
    !/^\s*#/.test(line) &&
    /(?:savepoint|cli\.js)\S*\s+shell-init\b/.test(line);
  return lines
    .filter((line, index) => {
      if (isOwn(line)) return false;
      return !(/^\s*#.*\bsavepoint\b/i.test(line) && isOwn(lines[index + 1]));
    })
    .join('\n');
}
