// How a command was called: from a menu with a node, from an editor's title with a document, by other
// code with one JSON argument, or plainly.

import { Uri } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import { parseCommandArgument, type CommandArgument } from './command-argument.ts';
import { ViewNode } from '../views/nodes.ts';

export interface Invocation {
  readonly json: CommandArgument | undefined;
  /** The node whose menu it was, and all that were selected with it. */
  readonly node: ViewNode | undefined;
  readonly nodes: readonly ViewNode[];
  readonly uri: Uri | undefined;
  /** True where nothing may be asked or shown: the caller said yes beforehand. */
  readonly isSilent: boolean;
}

/** @throws EngineError USAGE */
export function parseInvocation(id: string, args: readonly unknown[]): Invocation {
  const [first, second] = args;
  const none = { json: undefined, node: undefined, nodes: [], uri: undefined, isSilent: false };
  if (first instanceof ViewNode) {
    const selected = Array.isArray(second)
      ? second.filter((item): item is ViewNode => item instanceof ViewNode)
      : [];
    return { ...none, node: first, nodes: selected.length > 0 ? selected : [first] };
  }
  if (first instanceof Uri) return { ...none, uri: first };
  if (first === undefined || first === null) return none;
  if (typeof first !== 'object') {
    throw new EngineError('USAGE', `a command takes one object, not ${JSON.stringify(first)}`);
  }
  const json = parseCommandArgument(id, first);
  return { ...none, json, isSilent: json.yes === true };
}
