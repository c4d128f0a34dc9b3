// beets with its library as it makes it: paths that rows keep as bytes, files copied below one folder.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { contentOf, runCommand, type ApplicationDriver } from '../support/run-application.ts';

/** A sound of nothing with a title, and a text at its end. */
function recording(name: string): Buffer {
  const title = Buffer.from(`\0${name}`);
  const frame = Buffer.concat([Buffer.from('TIT2'), sized(title.length), Buffer.alloc(2), title]);
  const tag = Buffer.concat([Buffer.from('ID3\u0003\0\0'), sized(frame.length), frame]);
  const format = Buffer.from([1, 0, 1, 0, 0x40, 0x1f, 0, 0, 0x40, 0x1f, 0, 0, 1, 0, 8, 0]);
  const sound = Buffer.concat([Buffer.alloc(800), Buffer.from(contentOf(name))]);
  const chunks = [chunk('fmt ', format), chunk('id3 ', tag), chunk('data', sound)];
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));
}

/** Below 128, so that both ways to write a size are the same. */
function sized(length: number): Buffer {
  return Buffer.from([0, 0, 0, length]);
}

function chunk(name: string, content: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name);
  head.writeUInt32LE(content.length, 4);
  return Buffer.concat([head, content, Buffer.alloc(content.length % 2)]);
}

function textIn(path: string): string {
  const content = readFileSync(path, 'latin1');
  return content.slice(content.indexOf('content of')).replace(/\0$/, '');
}

const tracks = 'music/singles';

export const beets: ApplicationDriver = {
  name: 'beets',
  needs: ['beet'],
  dataDirs: [tracks, 'musiclibrary.db'],
  start: async (project) => {
    const home = project.env['HOME'] ?? '';
    const settings = [
      `directory: ${project.dir}/music`,
      `library: ${project.dir}/musiclibrary.db`,
      'import:\n  copy: yes\n  write: no',
      'paths:\n  singleton: singles/$title',
    ];
    mkdirSync(join(home, '.config/beets'), { recursive: true });
    writeFileSync(join(home, '.config/beets/config.yaml'), `${settings.join('\n')}\n`);
    return {
      add: async (names) => {
        const inbox = join(home, 'inbox');
        mkdirSync(inbox);
        for (const name of names) writeFileSync(join(inbox, `${name}.wav`), recording(name));
        await runCommand(project, 'beet', 'import', '-q', '-A', '-s', inbox);
        rmSync(inbox, { recursive: true });
      },
      read: async () => {
        const listed = await runCommand(project, 'beet', 'ls', '-f', '$path');
        const paths = listed.split('\n').filter((line) => line !== '');
        return Object.fromEntries(paths.map((path) => [basename(path, '.wav'), textIn(path)]));
      },
      destroy: ['beet', 'remove', '-d', '-f'],
      faults: async () => ({
        removed: `${tracks}/paper-3.wav`,
        stray: `${tracks}/nobody.wav`,
        changed: `${tracks}/paper-5.wav`,
        told: [`missing-file ${tracks}/paper-3.wav`, `orphan-file ${tracks}/nobody.wav`],
      }),
    };
  },
};
