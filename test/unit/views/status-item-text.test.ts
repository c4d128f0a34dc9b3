import { deepStrictEqual, match, strictEqual } from 'node:assert';
import {
  overallProblem,
  overallState,
  statusText,
  statusTooltip,
  type GuardedPlace,
  type Activity,
  type ProjectFacts,
} from '../../../src/core/views/status-item-text.ts';
import { clock, dataDir } from '../../support/documents.ts';
import { ages, entry, status } from './samples.ts';

const facts = (given: Partial<ProjectFacts> = {}): ProjectFacts => ({
  status: undefined,
  errorCode: undefined,
  ...given,
});
const covered = facts({ status: status({ newest: entry() }) });
const uncovered = facts({ status: status() });
const empty = facts({ status: status({ dataDirs: [] }) });
const pending = {
  snapshot: 's',
  label: null,
  safetySnapshot: 't',
  startedAt: '',
  filesWritten: 12,
  filesTotal: 14,
};

describe('statusText', () => {
  it('has the text of each state, and a background only for what needs somebody', () => {
    const activity = (kind: Activity['kind'], percent?: number): Activity => ({ kind, percent });
    const states: [ProjectFacts[], boolean, Activity | undefined, string | undefined, string?][] = [
      [[], true, undefined, undefined],
      [[empty], true, undefined, undefined],
      [[facts()], true, undefined, undefined],
      [[uncovered], true, undefined, '$(history) No snapshot'],
      [[covered], true, undefined, '$(history) 12m'],
      [[empty, covered], true, undefined, '$(history) 12m'],
      [[covered], false, undefined, '$(history) Restricted'],
      [[empty], false, undefined, undefined],
      [[covered], true, activity('snapshot', 42), '$(loading~spin) Snapshot 42%'],
      [[covered], true, activity('snapshot'), '$(loading~spin) Snapshot'],
      [[covered], true, activity('restore'), '$(loading~spin) Restoring'],
      [[facts({ errorCode: 'STORE_NEWER' })], true, undefined, '$(history) Update needed'],
      [
        [facts({ errorCode: 'DRIVER_UNAVAILABLE' })],
        true,
        undefined,
        '$(history) Not working',
        'warning',
      ],
      [
        [facts({ status: status({ newest: entry(), pending }) })],
        true,
        undefined,
        '$(history) Restore interrupted',
        'error',
      ],
    ];
    for (const [projects, isTrusted, running, text, background = 'none'] of states) {
      const shown = statusText(projects, isTrusted, running, clock);
      deepStrictEqual(shown && [shown.text, shown.background], text && [text, background]);
    }
  });

  it('shows the newest snapshot of several folders, and speaks it in whole words', () => {
    const older = facts({
      status: status({ newest: entry({ ageMs: ages.days(3), mismatches: 2 }) }),
    });
    strictEqual(
      statusText([older, covered], true, undefined, clock)?.spoken,
      'Savepoint: newest snapshot 12 minutes ago, 2 mismatches',
    );
    strictEqual(
      statusText([older], true, undefined, clock)?.spoken,
      'Savepoint: newest snapshot 3 days ago, 2 mismatches',
    );
  });
});

describe('mismatches', () => {
  const newest = entry({ mismatches: 1 });

  it('are those of the last check of live data, with how many are new', () => {
    const project = facts({ status: status({ newest }), mismatches: { count: 3, isNew: 1 } });
    match(statusTooltip([project], true, clock), /^Mismatches: 3 \(1 new\) {2}$/m);
    strictEqual(
      statusText([project], true, undefined, clock)?.spoken,
      'Savepoint: newest snapshot 12 minutes ago, 3 mismatches, 1 new',
    );
  });

  it('are those of the newest snapshot where nobody checked since', () => {
    match(
      statusTooltip([facts({ status: status({ newest }) })], true, clock),
      /^Mismatches: 1, checked 12 min ago {2}$/m,
    );
  });

  it('say how old they are where the data changed since, by the oldest of all folders', () => {
    const checked = (minutes: number): ProjectFacts =>
      facts({
        status: status({ newest }),
        mismatches: { count: 1, isNew: 0, checkedMs: clock.nowMs - minutes * 60_000 },
      });
    match(
      statusTooltip([checked(2), checked(5)], true, clock),
      /^Mismatches: 2, checked 5 min ago {2}$/m,
    );
  });

  it('that there were, are gone', () => {
    const project = facts({ status: status({ newest }), mismatches: { count: 0, isNew: 0 } });
    match(statusTooltip([project], true, clock), /^Mismatches: 0 {2}$/m);
    strictEqual(
      statusText([project], true, undefined, clock)?.spoken,
      'Savepoint: newest snapshot 12 minutes ago',
    );
  });

  it('being looked for is something that runs', () => {
    strictEqual(
      statusText([covered], true, { kind: 'check', percent: undefined }, clock)?.text,
      '$(loading~spin) Checking',
    );
  });
});

describe('statusTooltip', () => {
  it('tells what is covered and what is not, with links to what one may do', () => {
    const excluded = [{ path: 'data/tmp', reason: 'tmp', bytes: 1, canInclude: true }];
    const project = facts({
      status: status({ newest: entry({ label: 'a*b' }), dataDirs: [dataDir({ excluded })] }),
    });
    deepStrictEqual(statusTooltip([project], true, clock).split('  \n'), [
      '**Savepoint** · 1 data directory, 7 snapshots, 412 MB of 5 GB',
      String.raw`Newest: a\*b, 12 min ago`,
      'Not covered: 1 item',
      '[Take Snapshot](command:savepoint.snapshot) · [Restore...](command:savepoint.restore) · [Show Status](command:savepoint.showStatus)',
    ]);
    strictEqual(
      statusTooltip([project], false, clock).endsWith(
        '\n[Show Status](command:savepoint.showStatus)',
      ),
      true,
    );
  });
});

describe('the hooks of agents', () => {
  const hook = {
    agent: 'gemini',
    place: 'project',
    missing: null,
    lastCalledAt: null,
    agentRanAt: new Date(clock.nowMs - 2 * 3_600_000).toISOString(),
    silent: true,
  } as const;

  it('are told in the tooltip where the agent does not call them', () => {
    const quiet = { ...hook, agent: 'codex', silent: false } as const;
    const project = facts({ status: { ...status(), hooks: [hook, quiet] } });
    const lines = statusTooltip([project, project], true, clock).split('  \n');
    deepStrictEqual(
      lines.filter((line) => line.includes('hook')),
      ['Gemini CLI: hook installed, never called, Gemini CLI ran 2 h ago'],
    );
  });
});

describe('the line about what is guarded', () => {
  const lineOf = (places: readonly GuardedPlace[], project = covered) =>
    statusTooltip([project], true, clock, places)
      .split('  \n')
      .find((line) => /guarded/i.test(line));
  const place = (name: string, isGuarded: boolean) => ({ name, isGuarded });

  it('names what is, then what is not', () => {
    const places = [place('tasks', true), place('explorer', true), place('terminal', false)];
    strictEqual(lineOf(places), 'Guarded: tasks, explorer; terminal not');
  });

  it('names only what there is', () => {
    strictEqual(lineOf([place('explorer', true)]), 'Guarded: explorer');
    strictEqual(lineOf([place('terminal', false)]), 'Not guarded: terminal');
  });

  it('is not there where there is nothing to guard', () => {
    strictEqual(
      lineOf([place('explorer', true)], facts({ status: status({ newest: null, dataDirs: [] }) })),
      undefined,
    );
  });
});

describe('overallState', () => {
  it('is the best that any folder has', () => {
    const unknown = facts();
    const broken = facts({ errorCode: 'DRIVER_UNAVAILABLE' });
    const states: [ProjectFacts[], boolean, string][] = [
      [[], true, 'none'],
      [[unknown], true, 'starting'],
      [[unknown, uncovered], true, 'found'],
      [[empty], true, 'none'],
      [[broken], true, 'error'],
      [[broken, covered], true, 'error'],
      [[facts({ errorCode: 'IO' })], true, 'error'],
      [[facts({ errorCode: 'IO' }), covered], true, 'found'],
      [[covered], false, 'untrusted'],
      [[facts({ status: status({ dataDirs: [], newest: entry() }) })], true, 'found'],
    ];
    deepStrictEqual(
      states.map(([projects, isTrusted]) => overallState(projects, isTrusted)),
      states.map(([, , state]) => state),
    );
    deepStrictEqual(
      [[broken], [covered], [facts({ errorCode: 'STORE_NEWER' })]].map(overallProblem),
      ['driver', 'none', 'newer'],
    );
  });
});
