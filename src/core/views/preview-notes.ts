// What a restore preview tells below its boxes: foreign keys that the ticks break, mismatches that
// would come, programs that have a database open.

import type { BrokenForeignKey, Mismatch, RestorePlanDocument } from '../documents/documents.ts';
import { keyText } from '../format/cell-text.ts';
import { formatCount, plural } from '../format/numbers.ts';
import { visible } from '../format/width.ts';
import type { PreviewRow } from './preview-rows.ts';
import { errorColor, spokenList, warningColor } from './row.ts';

/** Longer lists end with how many more there are. */
const maxMismatches = 100;

export interface NoteRow extends PreviewRow {
  readonly children: readonly NoteRow[];
}

export function noteRows(plan: RestorePlanDocument): readonly NoteRow[] {
  return [...foreignKeyRows(plan.foreignKeys), ...mismatchRows(plan), ...programRows(plan)];
}

function foreignKeyRows(keys: readonly BrokenForeignKey[]): readonly NoteRow[] {
  if (keys.length === 0) return [];
  const texts = keys.map(foreignKeyText);
  const total = keys.reduce((sum, { rows }) => sum + rows, 0);
  const icon = { icon: 'error', iconColor: errorColor };
  const description =
    texts.length === 1 ? (texts[0] ?? '') : `${plural(total, 'row')} would refer to nothing`;
  const tooltip = `${texts.join('. ')}. Tick what they refer to, or leave them out as well.`;
  const children =
    texts.length === 1
      ? []
      : texts.map((text, index) =>
          note({
            ...icon,
            id: `foreignKey/${index}`,
            context: 'note',
            label: text,
            description: '',
            tooltip,
          }),
        );
  const head = { ...icon, id: 'foreignKeys', context: 'foreignKeys', label: 'Foreign keys' };
  return [note({ ...head, description, tooltip }, children, true)];
}

/** `3 rows of project_access would have no row in users`. */
export function foreignKeyText({ rows, table, parent }: BrokenForeignKey): string {
  return `${plural(rows, 'row')} of ${visible(table)} would have no row in ${visible(parent)}`;
}

function mismatchRows({ mismatches, newMismatches }: RestorePlanDocument): readonly NoteRow[] {
  const { before, after } = mismatches;
  if (before === null || after === null || before + after === 0) return [];
  const fresh = newMismatches.length;
  const newWords = fresh > 0 ? `, ${formatCount(fresh)} new` : '';
  const description = `${formatCount(before)} now -> ${formatCount(after)} after${newWords}`;
  const shown = newMismatches.slice(0, maxMismatches).map(mismatchRow);
  const more = fresh - shown.length;
  const rest = { icon: 'ellipsis', iconColor: null, id: 'mismatch/more', context: 'note' };
  const label = `${formatCount(more)} more`;
  const children =
    more > 0 ? [...shown, note({ ...rest, label, description: '', tooltip: label })] : shown;
  const head = { id: 'mismatches', context: 'previewMismatches', label: 'Mismatches' };
  const isCalm = after === 0;
  const icon = { icon: isCalm ? 'pass' : 'warning', iconColor: isCalm ? null : warningColor };
  const tooltip = `Mismatches between rows and files: ${description}.`;
  return [note({ ...head, ...icon, description, tooltip }, children, fresh <= 10)];
}

function mismatchRow(mismatch: Mismatch, index: number): NoteRow {
  const { severity, detail, rule } = mismatch;
  const icon = {
    error: { icon: 'error', iconColor: errorColor },
    warning: { icon: 'warning', iconColor: warningColor },
    info: { icon: 'info', iconColor: null },
  }[severity];
  const label = mismatchName(mismatch);
  const description = `${visible(detail)} (new)`;
  const tooltip = `${label}: ${visible(detail)}. By the rule ${visible(rule)}; not so now.`;
  return note({ ...icon, id: `mismatch/${index}`, context: 'note', label, description, tooltip });
}

/** `users 3`: the row that is meant, else the path. */
function mismatchName({ table, key, path }: Mismatch): string {
  if (table !== null && key !== null) return `${visible(table)} ${keyText(key, '·')}`;
  return visible(path ?? table ?? '');
}

function programRows({ databases }: RestorePlanDocument): readonly NoteRow[] {
  const opened = databases.flatMap(({ path, openIn }) =>
    openIn.map((program) => ({ path, program })),
  );
  const programs = [...new Set(opened.map(({ program }) => program))];
  if (programs.length === 0) return [];
  const icon = { icon: 'plug', iconColor: null };
  const children = programs.map((program, index) => {
    const paths = opened.filter((one) => one.program === program).map(({ path }) => visible(path));
    const description = paths.join(', ');
    const tooltip = `${visible(program)} has ${description} open.`;
    const row = { ...icon, id: `program/${index}`, context: 'note' };
    return note({ ...row, label: visible(program), description, tooltip });
  });
  const head = { ...icon, id: 'programs', context: 'programs' };
  const description = programs.map(visible).join(', ');
  const label = `Open in ${plural(programs.length, 'program')}`;
  const tooltip = `${description}: stays open and sees the restored rows at its next query, where no file must be replaced.`;
  return [note({ ...head, label, description, tooltip }, children)];
}

type NoteFacts = Pick<
  NoteRow,
  'id' | 'context' | 'icon' | 'iconColor' | 'label' | 'description' | 'tooltip'
>;

function note(facts: NoteFacts, children: readonly NoteRow[] = [], isOpen = false): NoteRow {
  return {
    ...facts,
    id: `preview/${facts.id}`,
    spoken: spokenList([facts.label, facts.description]),
    expand: children.length === 0 ? 'none' : isOpen ? 'expanded' : 'collapsed',
    children,
  };
}
