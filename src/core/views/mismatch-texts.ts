// What is told about mismatches and suggested rules outside of their rows: tooltips, the document of
// a suggestion's evidence, the choices of Ignore.

import type { CheckDocument, CheckRule, Mismatch, SnapshotEntry } from '../documents/documents.ts';
import { keyText } from '../format/cell-text.ts';
import { below } from '../format/names.ts';
import { formatCount, plural } from '../format/numbers.ts';
import { ago, type Clock } from '../format/time.ts';
import { visible } from '../format/width.ts';
import { escapeMarkdown, markdownLines } from './markdown.ts';
import { evidenceText, newCount } from './mismatch-rows.ts';
import { snapshotLabel } from './snapshot-rows.ts';

/** @param since the oldest snapshot of those that had it one after the other; undefined: none has it. */
export function mismatchTooltip(
  mismatch: Mismatch,
  rule: CheckRule | undefined,
  since: SnapshotEntry | undefined,
  clock: Clock,
): string {
  const { database, table, key, path, detail, severity } = mismatch;
  const row = [database, table].filter((part) => part !== null).join(': ');
  return markdownLines([
    `**${escapeMarkdown(visible(detail))}** · ${severity}`,
    rule && `Rule: ${escapeMarkdown(ruleText(rule))}`,
    row !== '' && `Table: ${escapeMarkdown(visible(row))}`,
    key !== null && `Row: ${escapeMarkdown(keyText(key, '·', 60))}`,
    path !== null && `Path: ${escapeMarkdown(visible(path))}`,
    since === undefined
      ? mismatch.isNew === true && 'New: the newest snapshot does not have it'
      : `In the snapshots since ${escapeMarkdown(snapshotLabel(since))}, ${ago(Date.parse(since.createdAt), clock)}`,
  ]);
}

/** What the rule demands and how often it holds. */
export function ruleTooltip(rule: CheckRule): string {
  const origins = {
    layout: 'Comes with the layout',
    config: 'Stands in savepoint.json',
    inferred: 'Found in the data by itself',
  };
  return markdownLines([
    `**${escapeMarkdown(visible(rule.title))}**`,
    escapeMarkdown(ruleText(rule)),
    rule.where !== null && `Only rows with ${escapeMarkdown(visible(rule.where))}`,
    rule.covers !== null && `Every path like ${escapeMarkdown(visible(rule.covers))} needs a row`,
    evidenceText(rule),
    origins[rule.origin],
    rule.problem !== null && `Not checked: ${escapeMarkdown(visible(rule.problem))}`,
  ]);
}

export function mismatchesTooltip(check: CheckDocument): string {
  const isNew = newCount(check);
  const broken = check.rules.filter(({ state }) => state === 'broken');
  return markdownLines([
    `**Mismatches** · ${plural(check.checkedRows, 'row')} against ${plural(check.checkedFiles, 'file')}`,
    isNew > 0 && `${formatCount(isNew)} that the newest snapshot does not have`,
    check.ignored > 0 && `${formatCount(check.ignored)} ignored, as savepoint\\.json says`,
    ...broken.map(
      ({ title, problem }) =>
        `Not checked: ${escapeMarkdown(visible(title))}${problem === null ? '' : `: ${escapeMarkdown(visible(problem))}`}`,
    ),
    'Nothing is deleted because of a mismatch',
  ]);
}

/** `projects in data/docsfy.db -> projects/{owner}/{name}/site/`. */
function ruleText({ database, table, target }: CheckRule): string {
  return visible(`${table} in ${database} -> ${target}`);
}

/** Why a rule is suggested: ten paths that fit and all that do not, one a line. */
export function evidenceReport(rule: CheckRule): string {
  const { evidence } = rule;
  const lines = [`Suggested rule: ${ruleText(rule)}`];
  if (rule.where !== null) lines.push(`Only rows with ${visible(rule.where)}`);
  if (evidence !== null) {
    const { fits, of, examples, misfits } = evidence;
    lines.push('', `${evidenceText(rule)}, for example:`, ...examples.map(indented));
    const left = of - fits - misfits.length;
    if (misfits.length > 0) lines.push('', 'Not there:', ...misfits.map(indented));
    if (left > 0) lines.push(`  and ${formatCount(left)} more`);
  }
  const accept =
    'Accept in the Data view writes the rule into savepoint.json; from then on what does not fit is a mismatch.';
  return `${[...lines, '', accept].join('\n')}\n`;
}

export interface IgnoreChoice {
  readonly label: string;
  /** Glob inside the data directory; undefined: the whole rule. */
  readonly path: string | undefined;
}

/** What Ignore offers, narrowest first. @param dataDir path of the mismatch's data directory. */
export function ignoreChoices(mismatch: Mismatch, dataDir: string): readonly IgnoreChoice[] {
  const rule: IgnoreChoice = { label: 'Ignore this rule', path: undefined };
  if (mismatch.path === null) return [rule];
  const path = below(mismatch.path, dataDir).replace(/\/$/, '');
  const one = escapeGlob(path);
  const like = likePath(path);
  return [
    { label: 'Ignore this one', path: one },
    ...(like === one ? [] : [{ label: `Ignore every path like ${visible(like)}`, path: like }]),
    rule,
  ];
}

/**
 * A glob for `path` and its like: what varies in its name becomes a star. `projects/a.deleting-17`
 * gives `projects/*.deleting-*`, `covers/9.jpg` gives `covers/*.jpg`, `projects/alpha` gives `projects/*`.
 */
export function likePath(path: string): string {
  const slash = path.lastIndexOf('/') + 1;
  const name = path.slice(slash);
  const dot = name.indexOf('.', 1);
  const ending = dot < 0 ? '' : name.slice(dot);
  // Numbers and random ids in the ending vary; `.mp3` and `.html5` are words that do not.
  const varying = /(?<=[-_.])(?=[0-9a-f-]*\d)[0-9a-f][0-9a-f-]*(?![A-Za-z0-9])/gi;
  const stars = ending.split(varying).map(escapeGlob).join('*');
  return `${escapeGlob(path.slice(0, slash))}*${stars}`;
}

/** `path` as a glob that fits it alone. */
function escapeGlob(path: string): string {
  return path.replaceAll(/[*?[\]{}()!+@|\\]/g, String.raw`\$&`);
}

function indented(path: string): string {
  return `  ${visible(path)}`;
}
