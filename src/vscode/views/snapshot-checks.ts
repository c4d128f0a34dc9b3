// The mismatches of snapshots whose row is open. What a snapshot holds never changes, the rules may:
// a result is kept until live data is checked anew.

import type { CheckDocument } from '../../core/documents/documents.ts';
import { mismatchPage } from '../../core/views/mismatch-rows.ts';
import { quietCall } from '../host/with-progress.ts';
import { groupNodes, type ShownMismatches } from './check-nodes.ts';
import { isNodeOf, ViewNode } from './nodes.ts';

const keptChecks = 8;

export class SnapshotChecks {
  readonly #checks = new Map<string, Promise<CheckDocument>>();
  readonly shown: ShownMismatches = new Map();

  async nodes(node: ViewNode): Promise<ViewNode[]> {
    if (!isNodeOf(node, 'snapshotMismatches')) return [];
    const check = await this.#check(node);
    const nodes = groupNodes(node, check);
    return nodes.length > 0 ? nodes : [nothingNode(node)];
  }

  showMore(node: ViewNode): void {
    if (!isNodeOf(node, 'moreMismatches') || !node.parent) return;
    this.shown.set(node.parent.id, node.payload.shown + mismatchPage);
  }

  async #check(node: ViewNode): Promise<CheckDocument> {
    if (!isNodeOf(node, 'snapshotMismatches')) throw new Error('not the mismatches of a snapshot');
    const { project, payload } = node;
    const { id } = payload.entry;
    const key = [project.cwd, id, project.check.runs].join('\n');
    const check = this.#checks.get(key) ?? project.engine.check(id, {}, quietCall());
    this.#checks.set(key, check);
    const [oldest] = this.#checks.keys();
    if (this.#checks.size > keptChecks && oldest !== undefined) this.#checks.delete(oldest);
    try {
      return await check;
    } catch (error) {
      this.#checks.delete(key);
      throw error;
    }
  }
}

/** By the rules that it was taken with there were some. */
function nothingNode(parent: ViewNode): ViewNode {
  const label = 'None by the rules of today';
  const row = {
    id: `${parent.row.id}/none`,
    context: 'nothing',
    icon: 'pass',
    iconColor: null,
    label,
    description: '',
    spoken: label,
    expand: 'none',
  } as const;
  return new ViewNode(parent.project, row, { kind: 'nothing' }, parent);
}
