// The parts of README.md that package.json says already: settings and commands. `npm run docs`
// writes them between their markers; a test tells when they are out of date.
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './setup.mjs';

export interface Contributions {
  readonly configuration: {
    readonly properties: Readonly<Record<string, Setting>>;
  };
  readonly commands: readonly { readonly command: string; readonly title: string }[];
}

interface Setting {
  readonly default?: unknown;
  readonly scope?: string;
  readonly description?: string;
  readonly markdownDescription?: string;
}

/** `readme` with the tables between `<!-- settings -->` and `<!-- /settings -->`, likewise `commands`. */
export function withTables(readme: string, contributes: Contributions): string {
  const settings = Object.entries(contributes.configuration.properties).map(settingRow);
  // Commands of a tree's nodes are found there, not in the palette.
  const commands = contributes.commands
    .filter(({ command }) => command.split('.').length === 2)
    .map(({ command, title }) => [title, `\`${command}\``]);
  return between(
    between(readme, 'settings', table(['Setting', 'Default', 'What it does'], settings)),
    'commands',
    table(['Command', 'Id'], commands),
  );
}

function settingRow([name, setting]: [string, Setting]): string[] {
  const text = setting.markdownDescription ?? setting.description ?? '';
  return [`\`${name}\``, `\`${JSON.stringify(setting.default)}\``, text];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function between(readme: string, marker: string, content: string): string {
  const [begin, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`];
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from === -1 || to < from) throw new Error(`README.md has no place for "${marker}"`);
  return `${readme.slice(0, from + begin.length)}\n\n${content}\n\n${readme.slice(to)}`;
}

if (import.meta.main) {
  const path = join(root, 'README.md');
  const manifest = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {
    readonly contributes: Contributions;
  };
  await writeFile(path, withTables(await readFile(path, 'utf8'), manifest.contributes));
}
