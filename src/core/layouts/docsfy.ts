// docsfy: one SQLite database and a folder per generated site. `cache/pages` is captured: it is what
// an incremental update builds on and costs money to make again. A `*.deleting-<32 hex digits>` folder
// that a killed deletion left is captured too, like everything else that is no temporary file: the
// row is gone by then, so leaving it out would make it the one thing that nobody can bring back.

import type { Layout, LayoutFolder, LayoutReference } from './layout.ts';
import { startIsMigration, startsInContainer, type ToolRule } from './tool-rule.ts';

const database = 'docsfy.db';

const row = { database, path: '', covers: undefined, direction: 'row-to-path' } as const;

/** The administrator's account is in the environment only. */
const rowReferences: readonly LayoutReference[] = [
  {
    ...row,
    table: 'projects',
    where: "owner <> ''",
    value: ['{owner}'],
    to: `${database}:users.username`,
    except: ['admin'],
    severity: 'warning',
  },
  {
    ...row,
    table: 'project_access',
    where: undefined,
    value: ['{username}'],
    to: `${database}:users.username`,
    except: ['admin'],
    severity: 'warning',
  },
  {
    ...row,
    table: 'project_access',
    where: undefined,
    value: ['{project_name}', '{project_owner|}'],
    to: `${database}:projects.name,owner`,
    severity: 'warning',
  },
];

const guardRules: readonly ToolRule[] = [
  {
    tool: 'docsfy',
    programs: ['docsfy-server', 'docsfy.main', 'docsfy.main:app'],
    destructive: [''],
    why: startIsMigration,
  },
  {
    tool: 'docsfy',
    programs: ['docsfy'],
    destructive: ['delete', 'generate --force', 'admin users delete|rotate-key', 'server|serve'],
    harmless: ['list|status|config'],
    why: 'deletes or rewrites projects',
  },
  ...startsInContainer('docsfy'),
];

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
  rowReferences,
  guardRules,
};

/** The first releases had neither branches nor, before that, owners and models in their paths. */
function references(folder: LayoutFolder): readonly LayoutReference[] {
  const first = {
    template: 'projects/{name}',
    holds: 'site',
    one: 'site lies where the first version had it: no owner, branch and model levels',
    many: 'sites lie where the first version had them: no owner, branch and model levels',
  };
  const withoutBranch = 'projects/{owner|_default}/{name}/{ai_provider}/{ai_model}';
  if (folder.schemaNames(database, 'branch')) {
    const variant = 'projects/{owner|_default}/{name}/{branch}/{ai_provider}/{ai_model}';
    const second = {
      template: withoutBranch,
      holds: 'site',
      one: 'site lies one level higher: no branch level',
      many: 'sites lie one level higher: no branch level',
    };
    return variantReferences(folder, variant, 'projects/*/*/*/*/*', [second, first]);
  }
  if (folder.schemaNames(database, 'ai_provider')) {
    return variantReferences(folder, withoutBranch, 'projects/*/*/*/*', [first]);
  }
  return [];
}

/** What every site has, and what only sites of newer versions have. */
const siteHolds = ['index.html'];
const siteUsually = ['.nojekyll', 'search-index.json', 'llms.txt', 'llms-full.txt', 'assets'];

function variantReferences(
  folder: LayoutFolder,
  variant: string,
  covers: string,
  formerly: NonNullable<LayoutReference['formerly']>,
): readonly LayoutReference[] {
  const ready = { database, table: 'projects', where: "status = 'ready'", formerly };
  const pages = { folder: 'cache/pages', ending: '.md', is: 'page_count', what: 'page' };
  const hasPages = folder.schemaNames(database, 'page_count');
  const hasPlan = folder.schemaNames(database, 'plan_json');
  return [
    {
      ...ready,
      path: `${variant}/site`,
      covers,
      direction: 'both',
      holds: siteHolds,
      usually: siteUsually,
      // A deletion renames before it deletes: what a crash leaves of that needs no row.
      tombstones: [`${covers}.deleting-*`],
      tellsEmpty: true,
      ...(hasPages ? { count: pages } : {}),
    },
    {
      ...ready,
      path: `${variant}/plan.json`,
      covers: undefined,
      direction: 'row-to-path',
      ...(hasPlan ? { json: 'plan_json' } : {}),
    },
  ];
}
