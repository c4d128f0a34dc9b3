// What package.json contributes, against what the code has. Reads sources as text: nothing here may
// import the editor.

import { deepStrictEqual, strictEqual } from 'node:assert';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { looksLikeData } from '../../../src/engine/detect/folder-names.ts';
import { isNamedLikeDatabase } from '../../../src/engine/sqlite/sqlite-file.ts';

interface Command {
  readonly command: string;
  readonly title: string;
  readonly category: string;
  readonly shortTitle?: string;
  readonly when?: string;
  readonly enablement?: string;
}

interface MenuItem {
  readonly command: string;
  readonly when: string;
  readonly enablement?: string;
}

const root = join(import.meta.dirname, '../../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  activationEvents: string[];
  contributes: {
    commands: Command[];
    menus: Record<string, MenuItem[]>;
    views: { savepoint: { id: string; icon: string }[] };
    viewsWelcome: { view: string; contents: string; when: string; enablement?: string }[];
    configuration: { properties: Record<string, { scope: string }> };
    walkthroughs: { steps: { media: { svg: string } }[] }[];
  };
};
const { commands, menus, views, viewsWelcome, configuration, walkthroughs } = manifest.contributes;
const ids = commands.map(({ command }) => command).toSorted(compareText);
const source = (name: string): string => readFileSync(join(root, 'src/vscode', name), 'utf8');
const sources = readdirSync(join(root, 'src/vscode'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map(source)
  .join('\n');

describe('contributed commands', () => {
  it('are those that the command table has, both ways', () => {
    const table = [
      ...source('commands/command-table.ts').matchAll(/^ {2}'(savepoint\.[\w.]+)':/gm),
    ];
    deepStrictEqual(table.map(([, id]) => id!).toSorted(compareText), ids);
  });

  it('are those whose arguments have keys of their own', () => {
    const keys = [...source('commands/command-argument.ts').matchAll(/^ {2}'(savepoint\.\w+)':/gm)];
    strictEqual(keys.length > 0, true);
    deepStrictEqual(
      keys.map(([, id]) => id!).filter((id) => !ids.includes(id)),
      [],
    );
  });

  it('are in the category Savepoint and in Title Case', () => {
    const small = new Set(['a', 'for', 'with', 'savepoint.json', 'in', 'to', 'as', 'at']);
    for (const { title, category } of commands) {
      strictEqual(category, 'Savepoint', title);
      for (const [index, word] of title
        .replace(/\.\.\.$/, '')
        .split(' ')
        .entries()) {
        const isRight = /^[A-Z]/.test(word) || (index > 0 && small.has(word));
        strictEqual(isRight, true, `"${word}" in "${title}"`);
      }
    }
  });

  it('end in three dots exactly when they ask something first', () => {
    const asking = [
      'addDataDir',
      'compare',
      'delete',
      'filter',
      'guardScript',
      'guardTask',
      'item.deleteGroup',
      'item.ignore',
      'item.restore',
      'item.restoreBranch',
      'item.restoreMismatch',
      'item.saveAs',
      'list',
      'menu',
      'pin',
      'preview.apply',
      'preview.restoreCompared',
      'prune',
      'rename',
      'restore',
      'restoreTo',
      'runScriptWithSnapshot',
      'runWithSnapshot',
      'snapshotWithLabel',
      'unpin',
      'verify',
    ];
    const dotted = commands
      .filter(({ title }) => title.endsWith('...'))
      .map(({ command }) => command);
    deepStrictEqual(
      dotted.toSorted(compareText),
      asking.map((id) => `savepoint.${id}`),
    );
  });

  it('are in the palette only where they need no node', () => {
    const palette = menus['commandPalette'] ?? [];
    deepStrictEqual(palette.map(({ command }) => command).toSorted(compareText), ids);
    const hidden = palette.filter(({ when }) => when === 'false').map(({ command }) => command);
    deepStrictEqual(
      hidden.toSorted(compareText),
      ids.filter((id) => id.startsWith('savepoint.item.') || id === 'savepoint.menu'),
    );
  });

  it('that Restricted Mode allows are those whose conditions do not ask for trust', () => {
    const [, list = ''] =
      /forRestrictedMode[^=]*= \[([^\]]*)\]/.exec(source('commands/command-table.ts')) ?? [];
    const allowed = [...list.matchAll(/'([\w.]+)'/g)].map(([, id]) => id!);
    const palette = (menus['commandPalette'] ?? []).filter(
      ({ command, when }) => when !== 'false' && !command.startsWith('savepoint.preview.'),
    );
    const untrusting = palette.filter(({ when }) => !when.includes('isWorkspaceTrusted'));
    deepStrictEqual(
      untrusting.map(({ command }) => command).toSorted(compareText),
      palette
        .map(({ command }) => command)
        .filter((command) => allowed.includes(command))
        .toSorted(compareText),
    );
  });

  it('are all there where a menu, a welcome text, a tooltip or the code names them', () => {
    const inMenus = Object.values(menus).flatMap((items) => items.map(({ command }) => command));
    const inTexts = viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/command:(savepoint\.[\w.]+)/g)].map(([, id]) => id!),
    );
    const inCode = [
      ...sources.matchAll(/(?:command: |command:|executeCommand\()'?(savepoint\.[\w.]+)/g),
    ].map(([, id]) => id!);
    const focus = views.savepoint.map(({ id }) => `${id}.focus`);
    const known = new Set([...ids, ...focus]);
    deepStrictEqual(
      [...inMenus, ...inTexts, ...inCode].filter((id) => !known.has(id)),
      [],
    );
  });
});

describe('context keys', () => {
  it('of conditions are those that the code sets, both ways', () => {
    const parts = [...commands, ...Object.values(menus).flat(), ...viewsWelcome];
    const conditions = parts.map(({ when = '', enablement = '' }) => `${when} ${enablement}`);
    const views = /view == savepoint\.\w+/g;
    const used = conditions
      .map((condition) => condition.replaceAll(views, ''))
      .flatMap((condition) => [...condition.matchAll(/savepoint\.\w+/g)].map(([key]) => key));
    const declared = [...source('host/context-keys.ts').matchAll(/'(savepoint\.\w+)':/g)].map(
      ([, key]) => key!,
    );
    deepStrictEqual([...new Set(used)].toSorted(compareText), declared.toSorted(compareText));
  });
});

describe('welcome texts', () => {
  it('have at most one button each: a link alone on its line', () => {
    for (const { contents } of viewsWelcome) {
      const buttons = contents.split('\n').filter((line) => /^\[[^\]]+\]\([^)]+\)$/.test(line));
      strictEqual(buttons.length <= 1, true, contents);
    }
  });
});

describe('settings', () => {
  it('are all read in settings.ts, and a program is never chosen by a workspace', () => {
    const names = Object.keys(configuration.properties).map((name) =>
      name.replace('savepoint.', ''),
    );
    for (const name of names)
      strictEqual(source('host/settings.ts').includes(`'${name}'`), true, name);
    strictEqual(configuration.properties['savepoint.path']?.scope, 'machine');
    strictEqual([...sources.matchAll(/getConfiguration\(/g)].length, 1);
  });
});

describe('activation events', () => {
  it('look for exact names only: a pattern would search the whole folder', () => {
    const names = manifest.activationEvents.filter((event) =>
      event.startsWith('workspaceContains:'),
    );
    strictEqual(names.length > 0, true);
    for (const name of names) strictEqual(/[*?{[]/.test(name), false, name);
  });

  it('know the databases that migration tools make beside package.json when nobody names one', () => {
    // Knex, Django, Sequelize and TypeORM, Drizzle, Prisma.
    for (const name of ['dev.sqlite3', 'db.sqlite3', 'database.sqlite', 'sqlite.db', 'dev.db']) {
      strictEqual(manifest.activationEvents.includes(`workspaceContains:${name}`), true, name);
      strictEqual(isNamedLikeDatabase(name), true, name);
    }
  });

  it('know the folder names that detection takes for data', () => {
    const names = manifest.activationEvents.map((event) => event.replace('workspaceContains:', ''));
    for (const name of [
      'data',
      '.data',
      'pb_data',
      'storage',
      'db',
      'var',
      'instance',
      '.dev/data',
    ]) {
      strictEqual(names.includes(name), true, name);
      strictEqual(looksLikeData(name.split('/').at(-1)!), true, name);
    }
  });
});

describe('pictures', () => {
  it('that package.json names are all there', () => {
    const svgs = walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.svg));
    const icons = views.savepoint.map(({ icon }) => icon);
    for (const file of [...svgs, ...icons, 'media/icon.png']) {
      strictEqual(readFileSync(join(root, file)).length > 0, true, file);
    }
  });
});

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
