import { deepStrictEqual } from 'node:assert/strict';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CheckDocument, CheckRule } from '../../../src/core/documents/documents.ts';
import { openProject } from '../../../src/engine/index.ts';
import { directus } from '../../support/app-data/directus.ts';
import { django } from '../../support/app-data/django.ts';
import { documents } from '../../support/app-data/documents.ts';
import { gitea } from '../../support/app-data/gitea.ts';
import { karakeep } from '../../support/app-data/karakeep.ts';
import { linkding } from '../../support/app-data/linkding.ts';
import { lookAlikes } from '../../support/app-data/look-alikes.ts';
import { memos } from '../../support/app-data/memos.ts';
import { openWebui } from '../../support/app-data/open-webui.ts';
import { paperless } from '../../support/app-data/paperless.ts';
import { pocketbase } from '../../support/app-data/pocketbase.ts';
import { rails } from '../../support/app-data/rails.ts';
import { strapi } from '../../support/app-data/strapi.ts';
import { uptimeKuma } from '../../support/app-data/uptime-kuma.ts';
import { vaultwarden } from '../../support/app-data/vaultwarden.ts';
import { workQueue } from '../../support/app-data/work-queue.ts';
import { quietCall, testProject } from '../../support/project.ts';

const systems = {
  PocketBase: pocketbase,
  Vaultwarden: vaultwarden,
  Directus: directus,
  Strapi: strapi,
  Memos: memos,
  Karakeep: karakeep,
  'Karakeep of one person': () => karakeep(1),
  'Paperless-ngx': paperless,
  Linkding: linkding,
  'Open WebUI': openWebui,
  'Uptime Kuma': uptimeKuma,
  Gitea: gitea,
  'Rails with Active Storage': rails,
  'Django with thumbnails': django,
  'documents in folders of their own': documents,
  'jobs and a log': workQueue,
};

/** As AppData.rules has it. */
function ruleText({ table, target, where, covers }: CheckRule): string {
  const condition = where === null ? '' : ` where ${where}`;
  return `${table}: ${target}${condition}${covers === null ? '' : ` covers ${covers}`}`;
}

function found({ mismatches }: CheckDocument): string[] {
  return mismatches.map(({ kind, path }) => `${kind} ${path}`).toSorted();
}

async function addFile(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, 'x');
}

describe('rules that are found in the data', () => {
  for (const [name, make] of Object.entries(systems)) {
    it(`are those of ${name}, and what is missing or unknown by them is found, also once they are accepted`, async () => {
      const data = make();
      const { project, dir } = await testProject({ data: data.entries });
      const sound = await project.check('live', {}, quietCall);
      deepStrictEqual(sound.rules.map(ruleText).toSorted(), data.rules);
      deepStrictEqual(
        sound.rules.map(({ origin, state }) => `${origin} ${state}`),
        data.rules.map(() => 'inferred checked'),
      );
      deepStrictEqual(found(sound), []);

      for (const path of data.tolerated) await addFile(join(dir, 'data', path));
      deepStrictEqual(found(await project.check('live', {}, quietCall)), []);

      for (const path of data.needed) await rm(join(dir, 'data', path), { recursive: true });
      for (const path of data.unknown) await addFile(join(dir, 'data', path));
      const planted = await project.check('live', {}, quietCall);
      deepStrictEqual(planted.rules.map(ruleText).toSorted(), data.rules);
      deepStrictEqual(
        found(planted),
        [
          ...data.needed.map((path) => `missing-file data/${path}`),
          ...(data.reported ?? data.unknown).map((path) => `orphan-file data/${path}`),
        ].toSorted(),
      );

      const ids = planted.rules.map(({ id }) => id);
      const { file, text } = await project.editConfig({ kind: 'acceptRules', rules: ids });
      await writeFile(file, text);
      const accepted = await project.check('live', {}, quietCall);
      deepStrictEqual(accepted.configProblems, []);
      deepStrictEqual(
        accepted.rules.map(({ id, origin }) => `${origin} ${id}`).toSorted(),
        ids.map((id) => `config ${id}`).toSorted(),
      );
      deepStrictEqual(found(accepted), found(planted));
      await project.close();
    });
  }

  it('are none where texts only look like paths', async () => {
    const { project } = await testProject({ data: lookAlikes().entries });
    const { rules, mismatches } = await project.check('live', {}, quietCall);
    deepStrictEqual({ rules, mismatches }, { rules: [], mismatches: [] });
    await project.close();
  });

  it('are none where a layout knows the system, and in untrusted workspaces', async () => {
    const { entries } = linkding();
    const layout = { dataDirs: [{ path: 'data', layout: 'docsfy' }] };
    const { project, dir, options } = await testProject({
      data: entries,
      'savepoint.json': JSON.stringify(layout),
    });
    const inferred = ({ rules }: CheckDocument): number =>
      rules.filter(({ origin }) => origin === 'inferred').length;
    deepStrictEqual(inferred(await project.check('live', {}, quietCall)), 0);
    await writeFile(join(dir, 'savepoint.json'), '{}');
    deepStrictEqual(inferred(await project.check('live', {}, quietCall)), 3);
    await project.snapshot({}, quietCall);
    await project.close();
    const untrusted = await openProject({ ...options, trusted: false }, dir);
    deepStrictEqual(inferred(await untrusted.check('latest', {}, quietCall)), 0);
    await untrusted.close();
  });
});
