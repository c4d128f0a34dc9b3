// Folders that rows name, and what is in each of them alike: `assets/{id}` becomes
// `assets/{id}/asset.bin`. A folder whose content is its own matter stays as it is.

import { literalText } from '../../../core/check/print-template.ts';
import type { PathKind } from '../file-index.ts';
import type { Hit } from './path-hits.ts';
import type { Proposal } from './propose-templates.ts';

export type Entries = Iterable<readonly [path: string, kind: PathKind]>;

/** More of them are the inside of something. */
const maxAlike = 4;
const maxDepth = 4;

/** Proposals for what lies in the folders of `proposals`. */
export function extendFolders(proposals: readonly Proposal[], entries: Entries): Proposal[] {
  let folders = proposals.filter(isFolder);
  const extended: Proposal[] = [];
  for (let depth = 0; depth < maxDepth && folders.length > 0; depth += 1) {
    const children = childrenOf(folders, entries);
    const next = folders.flatMap((proposal) => extend(proposal, children));
    extended.push(...next.map(({ proposal }) => proposal));
    folders = next.filter(({ goesOn }) => goesOn).map(({ proposal }) => proposal);
  }
  return extended;
}

function isFolder({ hits }: Proposal): boolean {
  return hits[0]?.kind === 'directory';
}

type Children = ReadonlyMap<string, ReadonlyMap<string, PathKind>>;

function childrenOf(proposals: readonly Proposal[], entries: Entries): Children {
  const children = new Map<string, Map<string, PathKind>>();
  for (const { hits } of proposals) {
    for (const { path } of hits) if (!children.has(path)) children.set(path, new Map());
  }
  for (const [path, kind] of entries) {
    const slash = path.lastIndexOf('/');
    if (slash > 0) children.get(path.slice(0, slash))?.set(path.slice(slash + 1), kind);
  }
  return children;
}

interface Extended {
  readonly proposal: Proposal;
  /** A folder that is named by a column: what is in it may be, too. */
  readonly goesOn: boolean;
}

function extend(proposal: Proposal, children: Children): Extended[] {
  const byTerm = new Map<string, Hit[]>();
  for (const hit of proposal.hits) {
    for (const [name, kind] of children.get(hit.path) ?? []) {
      const columns = hit.view.fields.filter(({ value }) => value === name);
      for (const term of [literalText(name), ...columns.map(({ text }) => `{${text}}`)]) {
        const hits = byTerm.get(term) ?? [];
        hits.push({ ...hit, path: `${hit.path}/${name}`, kind, last: term });
        byTerm.set(term, hits);
      }
    }
  }
  const folders = new Set(proposal.hits.map(({ path }) => path)).size;
  const alike = [...byTerm].filter(
    ([, hits]) => new Set(hits.map(({ path }) => path)).size >= folders * 0.9,
  );
  const named = alike.filter(([term]) => term.startsWith('{') && !term.startsWith('{{'));
  const terms = named.length > 0 ? named : alike;
  if (terms.length > maxAlike) return [];
  return terms.map(([term, hits]) => ({
    proposal: { ...proposal, template: `${proposal.template}/${term}`, hits },
    goesOn: named.length > 0 && hits[0]?.kind === 'directory',
  }));
}
