// Every layout there is: a new system is a file beside this one and a line here.

import { docsfy } from './docsfy.ts';
import { generic } from './generic.ts';
import type { Layout } from './layout.ts';
import { rulesWithoutLayout } from './systems-to-come.ts';
import type { ToolRule } from './tool-rule.ts';

/** Known systems, in the order in which they are tried. */
export const layouts: readonly Layout[] = [docsfy];

/** What `layout` in savepoint.json may say. */
export const layoutIds: readonly string[] = [...layouts, generic].map((layout) => layout.id);

/** The layout of that id; the generic one where there is none. */
export function layoutById(id: string | undefined): Layout {
  return layouts.find((layout) => layout.id === id) ?? generic;
}

/** What the guard knows of the systems' own commands. */
export const systemRules: readonly ToolRule[] = [
  ...layouts.flatMap((layout) => layout.guardRules),
  ...rulesWithoutLayout,
];
