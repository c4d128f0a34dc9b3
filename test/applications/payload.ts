// Payload with SQLite, by its local API: uploads lie in the folder that the collection is named for.

import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { npmModules } from '../support/npm-modules.ts';
import { runCommand, type ApplicationDriver, type Records } from '../support/run-application.ts';
import { writeTree } from '../support/tree.ts';

const version = '3.90.2';

const config = `
import { sqliteAdapter } from '@payloadcms/db-sqlite';
import { buildConfig } from 'payload';
export default buildConfig({
  secret: 'test',
  telemetry: false,
  db: sqliteAdapter({ client: { url: process.env.DATABASE_URI ?? 'file:./payload.db' } }),
  collections: [{ slug: 'media', upload: true, fields: [{ name: 'title', type: 'text' }] }],
});
`;

const script = `
import { readFile } from 'node:fs/promises';
import { getPayload } from 'payload';
import config from './payload.config.mjs';
const payload = await getPayload({ config, disableOnInit: true });
const [command, ...names] = process.argv.slice(2);
const collection = 'media';
for (const name of names) {
  const data = Buffer.from(\`content of \${name}\\n\`);
  const file = { data, mimetype: 'text/plain', name: \`\${name}.txt\`, size: data.length };
  await payload.create({ collection, data: { title: name }, file });
}
if (command === 'empty') await payload.delete({ collection, where: { id: { exists: true } } });
if (command === 'read') {
  const { docs } = await payload.find({ collection, pagination: false });
  const read = ({ filename }) => readFile(\`media/\${filename}\`, 'utf8').catch(() => null);
  const records = await Promise.all(docs.map(async (doc) => [doc.title, await read(doc)]));
  console.log(\`records \${JSON.stringify(Object.fromEntries(records))}\`);
}
process.exit(0);
`;

export const payload: ApplicationDriver = {
  name: 'Payload',
  needs: [],
  dataDirs: ['media', 'payload.db'],
  start: async (project) => {
    const modules = npmModules(
      `payload-${version}`,
      `payload@${version}`,
      `@payloadcms/db-sqlite@${version}`,
    );
    symlinkSync(modules, join(project.dir, 'node_modules'));
    await writeTree(project.dir, {
      '.env': 'DATABASE_URI=file:./payload.db\n',
      'payload.config.mjs': config,
      'papers.mjs': script,
    });
    const run = (...args: readonly string[]): Promise<string> =>
      runCommand(project, process.execPath, 'papers.mjs', ...args);
    return {
      add: async (names) => {
        await run('add', ...names);
      },
      read: async () => JSON.parse(/^records (.*)$/m.exec(await run('read'))?.[1] ?? '') as Records,
      destroy: [process.execPath, 'papers.mjs', 'empty'],
      faults: async () => ({
        removed: 'media/paper-3.txt',
        stray: 'media/nobody.txt',
        changed: 'media/paper-5.txt',
        told: [
          'changed-file media/paper-5.txt',
          'missing-file media/paper-3.txt',
          'orphan-file media/nobody.txt',
        ],
      }),
    };
  },
};
