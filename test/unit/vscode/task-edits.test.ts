import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { guardTask, unguardedTasks } from '../../../src/vscode/guard/task-edits.ts';

const text = `{
  // Ours.
  "tasks": [
    {
      "label": "reset", // all of it
      "command": "make reset"
    },
    { "type": "npm", "script": "seed", "dependsOn": ["reset", "build"] },
    { "label": "done", "dependsOn": { "type": "savepoint", "task": "snapshot" } },
    { "type": "savepoint", "command": "make" },
  ],
}
`;

describe('unguardedTasks', () => {
  it('lists what takes no snapshot yet', () => {
    deepStrictEqual(unguardedTasks(text), [
      { index: 0, label: 'reset', detail: 'make reset' },
      { index: 1, label: 'npm: seed', detail: 'npm: seed' },
    ]);
  });

  it('lists nothing of what is no list of tasks', () => {
    for (const broken of ['', '[]', '{"tasks": 1}', '{"tasks": [1, null]', '{{{']) {
      deepStrictEqual(unguardedTasks(broken), [], broken);
    }
  });
});

describe('guardTask', () => {
  it('adds the step, and touches nothing else', () => {
    const guarded = guardTask(text, 0);
    strictEqual(
      guarded.replace(/,(\s*)"dependsOn": \{\s*"type": "savepoint",\s*"task": "snapshot"\s*\}/, ''),
      text,
    );
    deepStrictEqual(
      unguardedTasks(guarded).map(({ index }) => index),
      [1],
    );
  });

  it('puts the step before all others, one after the other', () => {
    const guarded = guardTask(text, 1);
    const [, list = ''] = /"seed"[^[]*"dependsOn": \[([^\]]*)\]/.exec(guarded) ?? [];
    deepStrictEqual(JSON.parse(`[${list}]`), [
      { type: 'savepoint', task: 'snapshot' },
      'reset',
      'build',
    ]);
    strictEqual(guarded.includes('"dependsOrder": "sequence"'), true);
    strictEqual(guarded.includes('// Ours.'), true);
  });
});
