import assert from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { quietCall, testProject } from '../../support/project.ts';

const plan = 'data/projects/_default/beta/main/gemini/pro/plan.json';

describe('snapshot of JSON that its application writes in place', () => {
  it('has a file that is no JSON as it is, also just after it was written', async () => {
    const at = await testProject(docsfyWorkspace());
    await at.project.snapshot({}, quietCall);
    fs.writeFileSync(join(at.dir, plan), 'no JSON');
    const taken = await at.project.snapshot({}, quietCall);
    assert.deepEqual([taken.files, taken.skipped, taken.unsettled], [6, [], []]);
    assert.equal(String(await at.project.readFile('latest', plan)), 'no JSON');
  });

  it('waits for a file that is half-written', async () => {
    const at = await testProject(docsfyWorkspace());
    await at.project.snapshot({}, quietCall);
    fs.writeFileSync(join(at.dir, plan), '{"pages": ');
    const taking = at.project.snapshot({}, quietCall);
    // The application goes on while the engine waits for it.
    setTimeout(() => fs.writeFileSync(join(at.dir, plan), '{"pages": 3}'), 25);
    await taking;
    assert.equal(String(await at.project.readFile('latest', plan)), '{"pages": 3}');
  });
});
