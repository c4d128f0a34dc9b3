// What the guard says in the editor, and a command line with the snapshot before it.

import { notSavedLine } from '../text/guard-text.ts';
import type { ErrorFacts } from '../text/error-line.ts';
import { plainStyle } from '../format/style.ts';
import { cut, visible } from '../format/width.ts';

export interface GuardWords {
  /** What starts this program, as the shell reads it. */
  readonly program: string;
  /** A command that does nothing and is on every machine where the line is run. */
  readonly nothing: string;
}

const assignments = /^(?:[A-Za-z_]\w*=(?:"[^"$`]*"|'[^']*'|[^\s"'$`;&|<>()]*)\s+)*/;
const plainWord = /^[\w@%+:,./~-]+$/;
/** These change the shell itself, or begin more than one command. */
const ofTheShell = new Set(
  'cd pushd popd set unset export readonly local declare source . eval exec trap ulimit umask alias read exit return shift wait time if for while until case select function command builtin type'.split(
    ' ',
  ),
);

/**
 * The line, with a snapshot before all of it: `savepoint run -- prisma migrate reset`. What only a
 * shell can run stays the shell's: `savepoint run -- true && (cd db; make reset)`.
 */
export function guardedLine(line: string, { program, nothing }: GuardWords): string {
  const text = line.trim();
  const before = assignments.exec(text)?.[0] ?? '';
  const rest = text.slice(before.length);
  const [first = ''] = rest.split(/\s/);
  const goesOnAnyway = /[;\n]|\|\||[^&]&(?!&)/.test(text);
  if (plainWord.test(first) && !ofTheShell.has(first) && !goesOnAnyway) {
    return `${before}${program} run -- ${rest}`;
  }
  return `${program} run -- ${nothing} && ${goesOnAnyway ? `(${text})` : text}`;
}

/** True where a snapshot is asked for already. */
export function asksForSnapshot(line: string): boolean {
  return /\bsavepoint(?:\.cmd)?['"]?\s+(?:run|snapshot|guard)\b/.test(line);
}

/** What a guarded script needs, where the command is in the terminals of the editor alone. */
export function missingProgramText(script: string, install: string): string {
  const name = `"${cut(visible(script), 40)}"`;
  return `${name} is guarded. It needs the command "savepoint" now, which only terminals of this editor have: ${install} brings it to other terminals, colleagues and CI.`;
}

/** `No snapshot before "npm run dev": the disk is full.` */
export function noSnapshotText(command: string, error: ErrorFacts): string {
  return `No snapshot before "${cut(visible(command), 60)}": ${reason(error)}.`;
}

/** `projects/alpha was deleted without a snapshot: the disk is full.` */
export function deletedUnsavedText(what: string, error: ErrorFacts): string {
  return `${visible(what)} was deleted without a snapshot: ${reason(error)}.`;
}

/** The same for the terminal of a task. */
export function notSavedText(error: ErrorFacts, command: string, goesOn: boolean): string {
  return notSavedLine(error, command, goesOn ? 'run' : 'stop', plainStyle);
}

function reason({ message, hint }: ErrorFacts): string {
  const text = visible(message).replace(/[.\s]+$/, '');
  return hint ? `${text} (${visible(hint)})` : text;
}
