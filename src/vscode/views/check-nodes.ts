// What does not match, as nodes: below live data in the Data view, below a snapshot in the other one.

import type { CheckDocument } from '../../core/documents/documents.ts';
import {
  diagnosisRow,
  hasMismatches,
  mismatchesRow,
  mismatchPage,
  mismatchRow,
  moreMismatchesRow,
  ruleGroups,
  ruleRow,
  suggestedRules,
  suggestionRow,
  suggestionsRow,
  type RuleGroup,
} from '../../core/views/mismatch-rows.ts';
import { ago } from '../../core/format/time.ts';
import { clockNow } from '../host/clock.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { isNodeOf, ViewNode } from './nodes.ts';

/** How many mismatches of each rule are shown, where somebody asked for more; by the rule's row. */
export type ShownMismatches = Map<string, number>;

/** Mismatches and suggestions of live data; none where there is nothing to tell. */
export function checkNodes(project: ProjectModel, parent: ViewNode | undefined): ViewNode[] {
  const check = project.check.document;
  if (!check) return [];
  const nodes: ViewNode[] = [];
  if (hasMismatches(check)) {
    const { oldSinceMs } = project.check;
    const age = oldSinceMs === undefined ? '' : ago(oldSinceMs, clockNow());
    const row = mismatchesRow('live', check, age);
    nodes.push(new ViewNode(project, row, { kind: 'mismatches', check }, parent));
  }
  const suggested = suggestedRules(check);
  if (suggested.length > 0) {
    const row = suggestionsRow(suggested.length);
    nodes.push(new ViewNode(project, row, { kind: 'suggestions', rules: suggested }, parent));
  }
  return nodes;
}

/** What is below one of these nodes; undefined for a node of another kind. */
export function checkChildren(node: ViewNode, shown: ShownMismatches): ViewNode[] | undefined {
  if (isNodeOf(node, 'mismatches')) return groupNodes(node, node.payload.check);
  if (isNodeOf(node, 'rule')) return mismatchNodes(node, shown);
  if (!isNodeOf(node, 'suggestions')) return undefined;
  return node.payload.rules.map((rule) => {
    const row = suggestionRow(rule, placeOf(node.project, rule.dataDir));
    return new ViewNode(node.project, row, { kind: 'suggestion', rule }, node);
  });
}

/** Diagnoses, then rules: below the heading of live data or of a snapshot. */
export function groupNodes(node: ViewNode, check: CheckDocument): ViewNode[] {
  const { project } = node;
  const prefix = `${check.side}/check`;
  return [
    ...check.diagnoses.map(
      (diagnosis) =>
        new ViewNode(
          project,
          diagnosisRow(prefix, diagnosis),
          { kind: 'diagnosis', diagnosis },
          node,
        ),
    ),
    ...ruleGroups(check).map((group) => {
      const row = ruleRow(prefix, group, placeOf(project, group.rule.dataDir));
      return new ViewNode(project, row, { kind: 'rule', group, side: check.side }, node);
    }),
  ];
}

function mismatchNodes(node: ViewNode, shown: ShownMismatches): ViewNode[] {
  if (!isNodeOf(node, 'rule')) return [];
  const { project, payload } = node;
  const { group, side } = payload;
  const { rule, mismatches }: RuleGroup = group;
  const dataDir = dataDirPath(project, rule.dataDir);
  const prefix = `${side}/check`;
  const limit = shown.get(node.id) ?? mismatchPage;
  const nodes: ViewNode[] = mismatches.slice(0, limit).map((mismatch) => {
    const row = mismatchRow(prefix, mismatch, dataDir);
    return new ViewNode(project, row, { kind: 'mismatch', mismatch, rule, side, dataDir }, node);
  });
  if (mismatches.length > limit) {
    const row = moreMismatchesRow(prefix, rule, limit, mismatches.length);
    nodes.push(new ViewNode(project, row, { kind: 'moreMismatches', shown: limit }, node));
  }
  return nodes;
}

/** Path of a data directory by its name. */
function dataDirPath({ status }: ProjectModel, name: string): string {
  return status?.detection.dataDirs.find((dir) => dir.name === name)?.path ?? '';
}

/** Named only where there are several. */
function placeOf({ status }: ProjectModel, name: string): string {
  return (status?.detection.dataDirs.length ?? 0) > 1 ? name : '';
}
