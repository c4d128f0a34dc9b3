// docsfy: one SQLite database and a folder per generated site. `cache/pages` is captured: it is what
// an incremental update builds on and costs money to make again. A `*.deleting-<32 hex digits>` folder
// that a killed deletion left is captured too, like everything else that is no temporary file: the
// row is gone by then, so leaving it out would make it the one thing that nobody can bring back.

import type { Layout, LayoutFolder, LayoutReference } from './layout.ts';

const database = 'docsfy.db';

export const docsfy: Layout = {
  id: 'docsfy',
  cues: [database],
  marks: [
    { what: database, strength: 'strong', found: (folder) => folder.isDatabase(database) },
    { what: 'projects/', strength: 'weak', found: (folder) => folder.isDirectory('projects') },
  ],
  roots: ['.'],
  parts: [database, 'projects'],
  exclusions: [{ pattern: 'tmp/', reason: 'temporary files' }],
  jsonFiles: ['projects/**/plan.json'],
  references,
};

/** The first releases had neither branches nor, before that, owners and models in their paths. */
function references(folder: LayoutFolder): readonly LayoutReference[] {
  if (folder.schemaNames(database, 'branch')) {
    return variantReferences(
      'projects/{owner|_default}/{name}/{branch}/{ai_provider}/{ai_model}',
      'projects/*/*/*/*/*',
    );
  }
  if (folder.schemaNames(database, 'ai_provider')) {
    return variantReferences(
      'projects/{owner|_default}/{name}/{ai_provider}/{ai_model}',
      'projects/*/*/*/*',
    );
  }
  return [];
}

function variantReferences(variant: string, covers: string): readonly LayoutReference[] {
  const ready = { database, table: 'projects', where: "status = 'ready'" };
  return [
    { ...ready, path: `${variant}/site`, covers, direction: 'both' },
    { ...ready, path: `${variant}/plan.json`, covers: undefined, direction: 'row-to-path' },
  ];
}
