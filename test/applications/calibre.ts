// Calibre's library, made and read by calibredb: metadata.db beside a folder for each author.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  contentOf,
  runCommand,
  type ApplicationDriver,
  type Records,
} from '../support/run-application.ts';

interface Listed {
  readonly title: string;
  readonly formats: readonly string[];
}

const folderOf = (name: string, id: number): string => `library/Ann Author/${name} (${id})`;

export const calibre: ApplicationDriver = {
  name: 'Calibre',
  needs: ['calibredb'],
  dataDirs: ['library'],
  start: async (project) => {
    const inbox = join(project.env['HOME'] ?? '', 'inbox');
    mkdirSync(inbox);
    const calibredb = (command: string, ...args: readonly string[]): Promise<string> =>
      runCommand(project, 'calibredb', command, '--library-path', 'library', ...args);
    const bookOf = (name: string): string => join(inbox, `${name}.txt`);
    return {
      add: async (names) => {
        for (const name of names) writeFileSync(bookOf(name), contentOf(name));
        await calibredb('add', '-a', 'Ann Author', ...names.map(bookOf));
      },
      read: async () => {
        const listed = await calibredb('list', '--for-machine', '--fields', 'title,formats');
        const books = JSON.parse(listed) as readonly Listed[];
        return Object.fromEntries(
          books.map(({ title, formats: [file] }) => [
            title,
            file === undefined ? null : readFileSync(file, 'utf8'),
          ]),
        ) satisfies Records;
      },
      destroy: ['calibredb', 'remove', '--permanent', '--library-path', 'library', '1,2,3,4,5,6'],
      faults: async () => {
        const listed = await calibredb('list', '--for-machine', '--fields', 'title');
        const books = JSON.parse(listed) as readonly { id: number; title: string }[];
        const file = (wanted: string): string => {
          const { id = 0 } = books.find(({ title }) => title === wanted) ?? {};
          return `${folderOf(wanted, id)}/${wanted} - Ann Author.txt`;
        };
        const [removed, changed] = [file('paper-13'), file('paper-15')];
        const stray = `${folderOf('Nobody', 999)}/nobody.txt`;
        return {
          removed,
          stray,
          changed,
          told: [
            `changed-file ${changed}`,
            `missing-file ${removed}`,
            `orphan-file ${folderOf('Nobody', 999)}`,
            `orphan-file ${stray}`,
          ],
        };
      },
    };
  },
};
