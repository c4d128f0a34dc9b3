// Settings of frameworks that name a folder of files, read as text: nothing of them is run. A line is
// known by its key; the folder is what its quoted texts say, one after the other.

import { dirname, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { readSmallFile } from './env-files.ts';

/** A folder that a settings file names. */
export interface SettingsPlace {
  /** Absolute. */
  readonly path: string;
  /** As it stands there: `MEDIA_ROOT`. */
  readonly key: string;
}

interface SettingsFile {
  /** Of the file's name. */
  readonly name: RegExp;
  readonly key: RegExp;
  /** Folders that a relative path may count from, from the file's folder. */
  readonly from: readonly string[];
  /** In front of what the line says, by a function in it: `storage_path('app')` is `storage/app`. */
  readonly functions?: Readonly<Record<string, string>>;
}

const upwards = ['.', '..', '../..'];

const settingsFiles: readonly SettingsFile[] = [
  // Django: settings.py, or a package of settings.
  {
    name: /^(?:settings|base|common|dev|development|local)\.py$/,
    key: /^\s*(MEDIA_ROOT|PRIVATE_STORAGE_ROOT|SENDFILE_ROOT)\s*=\s*(.+)$/gm,
    from: ['..', '../..', '.'],
  },
  // Flask, and what configures by constants.
  {
    name: /^config\.py$/,
    key: /^\s*(UPLOAD(?:ED)?_\w*(?:FOLDER|DIR|DEST|PATH))\s*=\s*(.+)$/gm,
    from: upwards,
  },
  // Laravel.
  {
    name: /^filesystems\.php$/,
    key: /^\s*'(root)'\s*=>\s*(.+)$/gm,
    from: ['..'],
    functions: { storage_path: 'storage', public_path: 'public', base_path: '.' },
  },
  // Rails: Active Storage.
  { name: /^storage\.yml$/, key: /^\s+(root):\s*(.+)$/gm, from: ['..'] },
  // Redmine.
  { name: /^configuration\.yml$/, key: /^\s+(attachments_storage_path):\s*(.+)$/gm, from: ['..'] },
  // MediaWiki.
  { name: /^LocalSettings\.php$/, key: /^\s*(\$wgUploadDirectory)\s*=\s*(.+)$/gm, from: ['.'] },
];

export function isSettingsFile(name: string): boolean {
  return settingsFiles.some((file) => file.name.test(name));
}

const maxBytes = 256 * 1024;

/** Folders that are there and that the file names; empty where it names none or cannot be read. */
export function readSettingsFile(path: string, name: string): readonly SettingsPlace[] {
  const text = readSmallFile(path, maxBytes);
  if (text === undefined) return [];
  return settingsFiles
    .filter((file) => file.name.test(name))
    .flatMap((file) =>
      [...text.matchAll(file.key)].flatMap(([, key = '', value = '']) => {
        const folder = folderIn(value, file, dirname(path));
        return folder === undefined ? [] : [{ path: folder, key }];
      }),
    );
}

function folderIn(value: string, file: SettingsFile, folder: string): string | undefined {
  const texts = [...value.matchAll(/(["'])((?:(?!\1)[^\\\n])+)\1/g)].map(([, , text = '']) => text);
  const bare = texts.length === 0 && /^[\w./-]+$/.test(value.trim()) ? [value.trim()] : texts;
  const front = Object.entries(file.functions ?? {}).find(([name]) => value.includes(`${name}(`));
  const parts = [...(front === undefined ? [] : [front[1]]), ...bare.map(withoutVariables)];
  const written = parts.filter((part) => part !== '').join('/');
  if (written === '' || written.length > 1024 || /^(?:\.\/)?tmp(?:\/|$)/.test(written))
    return undefined;
  return file.from.map((base) => resolve(folder, base, written)).find((path) => existsSync(path));
}

/** `$IP/images` and `{$root}/files` count from where the file counts from. */
function withoutVariables(text: string): string {
  return text.replace(/^\{?\$\w+\}?\/?/, '');
}
