// MediaWiki with SQLite, by its maintenance scripts: its databases in data, uploads in folders that
// are named by a hash of theirs.

import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { contentOf, runCommand, type ApplicationDriver } from '../support/run-application.ts';

const maintenance = '/usr/share/mediawiki/maintenance';

const uploads = `
$wgEnableUploads = true;
$wgUploadDirectory = __DIR__ . '/images';
$wgFileExtensions[] = 'txt';
$wgVerifyMimeType = false;
`;

/** MediaWiki writes the first letter of a name large. */
function pathOf(name: string): string {
  const file = `${name.slice(0, 1).toUpperCase()}${name.slice(1)}.txt`;
  const hash = createHash('md5').update(file).digest('hex');
  return `images/${hash.slice(0, 1)}/${hash.slice(0, 2)}/${file}`;
}

function nameOf(path: string): string {
  const name = basename(path, '.txt');
  return name.slice(0, 1).toLowerCase() + name.slice(1);
}

export const mediaWiki: ApplicationDriver = {
  name: 'MediaWiki',
  needs: ['mediawiki'],
  dataDirs: ['data', 'images'],
  start: async (project) => {
    const home = project.env['HOME'] ?? '';
    const php = (script: string, ...args: readonly string[]): Promise<string> =>
      runCommand(project, 'php', `${maintenance}/${script}.php`, ...args);
    const settings = join(project.dir, 'LocalSettings.php');
    for (const folder of ['data', 'images']) mkdirSync(join(project.dir, folder));
    const database = ['--dbtype', 'sqlite', '--dbname', 'wiki', '--dbpath', `${project.dir}/data`];
    const site = [
      '--server',
      'http://localhost',
      '--scriptpath',
      '/w',
      '--pass',
      'a-long-password',
    ];
    await php('install', ...database, ...site, '--confpath', project.dir, 'Wiki', 'Admin');
    appendFileSync(settings, uploads);
    const doomed = join(home, 'doomed.txt');
    writeFileSync(doomed, 'File:Paper-1.txt\nFile:Paper-2.txt\n');
    return {
      add: async (names) => {
        const inbox = join(home, 'inbox');
        mkdirSync(inbox);
        for (const name of names) writeFileSync(join(inbox, `${name}.txt`), contentOf(name));
        await php('importImages', '--conf', settings, '--extensions=txt', inbox);
        rmSync(inbox, { recursive: true });
      },
      read: async () => {
        const listed = await php('dumpUploads', '--conf', settings);
        const files = listed.split('\n').filter((line) => line !== '');
        const checked = await php('checkImages', '--conf', settings);
        const isWhole = checked.includes(`Good images: ${files.length}/${files.length}`);
        return Object.fromEntries(
          files.map((file) => [
            nameOf(file),
            isWhole ? readFileSync(resolve(maintenance, '..', file), 'utf8') : null,
          ]),
        );
      },
      destroy: ['php', `${maintenance}/deleteBatch.php`, '--conf', settings, doomed],
      faults: async () => {
        const [removed, stray, changed] = [pathOf('paper-3'), pathOf('nobody'), pathOf('paper-5')];
        return {
          removed,
          stray,
          changed,
          told: [`changed-file ${changed}`, `missing-file ${removed}`, `orphan-file ${stray}`],
        };
      },
    };
  },
};
