// A shell that runs a line: what does not change while it does.

import type { GuardFacts } from '../facts.ts';
import type { LineReader } from '../line-reader.ts';
import { mayReach, type CommandPlace } from '../verdict.ts';
import type { Scope } from './scope.ts';

export interface Shell {
  readonly facts: GuardFacts;
  readonly reader: LineReader;
  readonly isContainer: boolean;
  /** How many shells, scripts and functions lead here. */
  readonly depth: number;
  readonly open: readonly string[];
}

export function placeIn(
  cwd: string,
  scope: Scope,
  { facts, isContainer, depth, open }: Shell,
): CommandPlace {
  return { facts, cwd, isContainer, scope, depth, open };
}

/** Scripts that call scripts, shells in shells: deeper nobody nests by hand. */
export const maxDepth = 24;

export const tooDeep = mayReach({ words: ['…'] }, 'it leads too deep');
