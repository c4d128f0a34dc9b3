// The guard learns: a command after which data had changed, though no rule knew it, is saved before from
// then on. What other programs write meanwhile must not count as its work: what still changes after its
// end does not, and where somebody has the database open it takes a second time.

import { setTimeout as wait } from 'node:timers/promises';
import { statSync } from 'node:fs';
import { decidingPattern, parseGuardPattern } from '../../core/config/guard-patterns.ts';
import type { DiffDocument } from '../../core/documents/documents.ts';
import type { EndedCommand, LearnedCommand } from '../../core/documents/learned.ts';
import { formatCount, plural } from '../../core/format/numbers.ts';
import { learnedForm, learnedForms, staysRunning } from '../../core/guard/learned-form.ts';
import { filesOpenElsewhere } from '../disk/open-by.ts';
import type { CallOptions } from '../options.ts';
import type { ProjectContext } from '../project/project-context.ts';
import type { Project } from '../project/project.ts';
import {
  learnedCommands,
  readLearned,
  saveLearned,
  type LearnedRecord,
} from '../store/learned-commands.ts';
import { saveProjectPlace } from '../store/project-folder.ts';
import { giveToCaller } from '../store/sudo-owner.ts';
import { changedBetween, changedNames, type ChangedData } from './changed-between.ts';
import { parseShell } from './parse-shell.ts';
import {
  readSavedMoment,
  readWatched,
  removeOldStamps,
  watchedPaths,
  writeWatched,
} from '../project/watched-paths.ts';

type LearnPart = Pick<Project, 'learn' | 'unlearn'>;

/** What the other parts of the guard answer. */
export type Judge = Pick<Project, 'diff' | 'matchCommand'>;

export function learnPart(context: ProjectContext, judge: Judge): LearnPart {
  return {
    learn: async (ended, call) => await learn(context, judge, ended, call),
    unlearn: async (command) => unlearn(context, command),
  };
}

async function learn(
  context: ProjectContext,
  judge: Judge,
  ended: EndedCommand,
  call: CallOptions,
): Promise<readonly LearnedCommand[]> {
  const { options } = context;
  const found = context.find();
  const { storePath } = context.place();
  const known = new Map(readLearned(storePath).map((one) => [one.command, one]));
  // As it was before the command: what it deleted is in there. The next look of the guard writes it anew.
  const paths = readWatched(options.storeDir, found.projectDir) ?? watchedPaths(found);
  const forms = await formsToLearn(context, judge, ended, known);
  if (forms.length === 0) return [];
  const changed = changedBetween(paths, ended);
  const isNamed = changed.databases.length + changed.files.length > 0;
  if (changed.later || !(isNamed || changed.isTouched)) return [];
  await wait(ended.settleMs, undefined, { signal: call.signal });
  if (changedBetween(paths, ended).later) return [];
  const others = await filesOpenElsewhere(changed.databases);
  const counted = await countedChange(context, judge, ended, changed, call);
  if (counted === null) return [];
  const records = forms.map((command): LearnedRecord => {
    const before = known.get(command);
    const isSure = others.length === 0 && !staysRunning(command);
    return {
      command,
      changed: counted,
      lastAt: new Date(ended.endedMs).toISOString(),
      times: (before?.times ?? 0) + 1,
      state: isSure || before !== undefined ? 'learned' : 'once',
    };
  });
  saveProjectPlace(context.place());
  saveLearned(storePath, records);
  giveToCaller(storePath, options);
  removeOldStamps(options);
  const learned = learnedCommands(storePath);
  writeWatched(options, found, learned);
  const commands = new Set(forms);
  return learned.filter(({ command }) => commands.has(command));
}

/** Without those that a person, a rule or savepoint.json has decided on. */
async function formsToLearn(
  context: ProjectContext,
  judge: Judge,
  ended: EndedCommand,
  known: ReadonlyMap<string, LearnedRecord>,
): Promise<readonly string[]> {
  const { env } = context.options;
  const { guard, secrets } = context.config();
  const taken = guard.commands.flatMap((text) => parseGuardPattern(text) ?? []);
  const forms = learnedForms(ended.command, parseShell, { env, secrets }).filter(
    (form) =>
      known.get(form)?.state !== 'forgotten' &&
      decidingPattern(taken, form.split(' '))?.adds !== false,
  );
  if (forms.length === 0 || forms.some((form) => known.get(form)?.state === 'learned'))
    return forms;
  const { destructive } = await judge.matchCommand(ended);
  return destructive ? [] : forms;
}

/** A guard that saved longer ago may have saved something else. */
const freshMs = 60_000;
/** Counting must not keep a machine busy behind everybody's back. */
const maxCountedBytes = 64 * 1024 * 1024;

/** In words; null where the snapshot of just before tells that nothing changed. */
async function countedChange(
  { options, projectDir }: ProjectContext,
  { diff }: Judge,
  { startedMs }: EndedCommand,
  changed: ChangedData,
  call: CallOptions,
): Promise<string | null> {
  const named = changedNames(changed);
  const names = named === '' ? null : named;
  const saved = readSavedMoment(options.storeDir, projectDir);
  if (saved === undefined || saved.atMs > startedMs || startedMs - saved.atMs > freshMs)
    return names;
  const bytes = changed.databases.reduce((sum, path) => sum + sizeOf(path), 0);
  if (bytes > maxCountedBytes) return names;
  try {
    return countsIn(await diff(saved.id, 'live', { rows: 0 }, call), names);
  } catch (error) {
    call.signal.throwIfAborted();
    options.log.debug(`what changed was not counted: ${String(error)}`);
    return names;
  }
}

function countsIn({ databases, files }: DiffDocument, names: string | null): string | null {
  const fileCount = files.added.length + files.removed.length + files.modified.length;
  if (databases.length + fileCount === 0) return null;
  const rows = databases
    .flatMap(({ tables }) => tables)
    .reduce((sum, { added, removed, changed }) => sum + added + removed + changed, 0);
  if (rows === 0) return fileCount === 0 ? (names ?? 'a database') : plural(fileCount, 'file');
  const counted = `${formatCount(rows)} ${rows === 1 ? 'row' : 'rows'}`;
  return fileCount === 0 ? counted : `${counted} and ${plural(fileCount, 'file')}`;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** It is not learned again: else it would be back after its next run. */
function unlearn(context: ProjectContext, command: string): readonly LearnedCommand[] {
  const { env } = context.options;
  const { secrets } = context.config();
  const { storePath } = context.place();
  const form = learnedForm(command.trim().split(/\s+/), { env, secrets }) ?? command;
  const records = readLearned(storePath).filter(
    (one) => one.command === form || one.command === command,
  );
  const [record] = records.filter(({ state }) => state !== 'forgotten');
  if (record === undefined) return [];
  saveLearned(storePath, [{ ...record, state: 'forgotten' }]);
  giveToCaller(storePath, context.options);
  writeWatched(context.options, context.find(), learnedCommands(storePath));
  const { changed, lastAt, times } = record;
  return [{ command: record.command, changed, lastAt, times }];
}
