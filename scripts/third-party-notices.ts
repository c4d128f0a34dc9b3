// The licences of the packages whose code is in the bundles, as those licences ask for.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from './setup.mjs';

interface Metafile {
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** @param metaFolder holds esbuild's metafiles of the bundles. */
export async function thirdPartyNotices(metaFolder: string): Promise<string> {
  const folders = new Set<string>();
  for (const file of await readdir(metaFolder)) {
    const meta = JSON.parse(await readFile(join(metaFolder, file), 'utf8')) as Metafile;
    for (const input of Object.keys(meta.inputs)) {
      const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
      if (folder !== undefined) folders.add(folder);
    }
  }
  const notices = await Promise.all([...folders].toSorted().map(notice));
  return `Savepoint contains code of these packages.\n\n${notices.join('\n')}`;
}

async function notice(folder: string): Promise<string> {
  const path = join(root, folder);
  const manifest = JSON.parse(await readFile(join(path, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = (await readdir(path)).find((name) => /^licen[cs]e(\.(md|txt))?$/i.test(name));
  const text = file === undefined ? '' : await readFile(join(path, file), 'utf8');
  const heading = `${manifest.name} ${manifest.version} (${manifest.license ?? 'see below'})`;
  return `${heading}\n${'-'.repeat(heading.length)}\n${text.trim()}\n`;
}
