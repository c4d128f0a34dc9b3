// What a file holds when a line comes to it: what the line wrote itself, else what is there.

import { placedPath, type CommandPlace } from '../verdict.ts';
import { isUnknown, unknownText } from './texts.ts';

/** The text of a small file; a hole where nobody can tell. */
export function textAt(path: string, place: CommandPlace): string {
  return knownTextAt(path, place) ?? unknownText;
}

/** Null where there is none, or it is none that can be read. */
export function knownTextAt(path: string, place: CommandPlace): string | null {
  const { facts, scope, isContainer } = place;
  if (isContainer || path === '') return null;
  if (path === '-' || path === '/dev/stdin') return scope.stdin.text();
  const placed = placedPath(path, place);
  if (isUnknown(placed)) return null;
  const written = scope.files.get(placed);
  return written === undefined ? facts.text(placed) : written();
}
