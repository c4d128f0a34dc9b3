import { deepStrictEqual, match } from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { coverageText } from '../../../src/core/text/coverage-text.ts';
import { quietCall, tempFolder, testProject, type TestProject } from '../../support/project.ts';
import { database, sqlite } from '../../support/sqlite.ts';

const data = { 'data/app.db': database() };

describe('places that are named and not reached', () => {
  it('are told by savepoint.json, with a mark where each stands', async () => {
    const test = await testProject({
      ...data,
      'savepoint.json':
        '{\n  "dataDirs": [\n    { "path": 7 },\n    { "path": "data" },\n    { "path": "./scans/" }\n  ]\n}',
    });
    deepStrictEqual(await told(test), [
      'scans: not covered, named in savepoint.json, but not there',
    ]);
    const { configProblems } = await test.project.detect(quietCall);
    deepStrictEqual(configProblems.at(-1), {
      file: 'savepoint.json',
      line: 5,
      column: 15,
      message: '"scans" is not there, so no snapshot has it',
    });
    mkdirSync(join(test.dir, 'scans'));
    deepStrictEqual((await test.project.detect(quietCall)).configProblems.length, 1);
  });

  it('are told of a variable and of a mount', async () => {
    const test = await testProject({
      ...data,
      '.env': 'MEDIA_ROOT=./pictures',
      'compose.yaml': compose('"./letters:/srv/uploads", "./logs:/var/log/app", "./conf:/data:ro"'),
    });
    deepStrictEqual(await told(test), [
      'letters: not covered, the mount at /srv/uploads in compose.yaml: not there',
      'pictures: not covered, MEDIA_ROOT=./pictures in .env: not there',
    ]);
  });

  it('are told of volumes of Docker by their names, but for what tools make', async () => {
    const test = await testProject({
      ...data,
      'compose.yaml': compose(
        '"mail:/var/mail", "deps:/app/node_modules", "tmp:/tmp"',
        'volumes: {mail: , deps: , tmp: }',
      ),
    });
    deepStrictEqual(await told(test), [
      'mail: not covered, a volume of Docker for /var/mail of app in compose.yaml, not reached from here',
    ]);
    const { coverage = [] } = await test.project.detect(quietCall);
    const kinds = coverage.filter(({ covered }) => !covered).map(({ kind, mend }) => [kind, mend]);
    deepStrictEqual(kinds, [['volume', null]]);
  });

  it('are told of the home of an application that a container writes, with the line that allows it', async () => {
    const home = tempFolder();
    mkdirSync(join(home, '.node-red'));
    sqlite(join(home, '.node-red/context.db'), 'CREATE TABLE t(a)');
    mkdirSync(join(home, '.ssh'));
    const entries = {
      ...data,
      'compose.yaml': compose('"~/.node-red:/home/x/.node-red", "~/.ssh:/root/.ssh"'),
    };
    const test = await testProject(entries, { env: { HOME: home, PATH: process.env['PATH'] } });
    const [line = '', ...more] = await told(test);
    match(line, /\.node-red: not covered, .*: savepoint allow \S+\/\.node-red$/);
    deepStrictEqual([line.split('savepoint allow').length, more], [2, []]);
  });
});

function compose(volumes: string, rest = ''): string {
  return `services:\n  app:\n    volumes: [${volumes}]\n${rest}\n`;
}

/** What the snapshot says, which is what detection says. */
async function told({ project }: TestProject): Promise<readonly string[]> {
  const { coverage = [] } = await project.detect(quietCall);
  const { notCovered = [] } = await project.snapshot({}, quietCall);
  const missing = coverage.filter(({ covered }) => !covered);
  deepStrictEqual(notCovered, missing);
  return notCovered.map(coverageText);
}
