// The texts of `.rows` documents: what differs in a table between two sides. One comparison serves
// both sides and all tables of a database.

import { workspace } from 'vscode';
import type { DatabaseDiff, RestorePlanDocument } from '../../core/documents/documents.ts';
import { rowChangesText, type RowChangesView } from '../../core/views/row-changes-text.ts';
import { visible } from '../../core/format/width.ts';
import { sideName } from '../../core/views/preview-texts.ts';
import {
  rowChangesAddress,
  parseDocumentUri,
  snapshotScheme,
  type RowChangesAddress,
  type Sides,
} from './document-uri.ts';
import type { EngineClient } from '../process/engine-client.ts';
import { readSettings } from '../host/settings.ts';
import type { SnapshotFileSystem } from './snapshot-file-system.ts';
import { quietCall } from '../host/with-progress.ts';

/** A plan whose look at live data can be used again. */
export interface HeldPlan {
  readonly full: RestorePlanDocument;
}

/** The plan that is previewed of this snapshot, if there is one. */
export type PlanOf = (cwd: string, snapshot: string) => HeldPlan | undefined;

type Databases = Promise<readonly DatabaseDiff[]>;

const maxHeld = 20;

export class RowChangesDocuments {
  readonly #engine: EngineClient;
  /** The least recently used goes first. */
  readonly #held = new Map<string, Databases>();
  readonly #planOf: PlanOf;

  constructor(engine: EngineClient, planOf: PlanOf) {
    this.#engine = engine;
    this.#planOf = planOf;
  }

  async text(address: RowChangesAddress): Promise<string> {
    const { database, table: name, isLeft } = address;
    const databases = await this.#load(address);
    const diff = databases.find(({ path }) => path === database);
    const table = diff?.tables.find((one) => one.name === name);
    if (table === undefined)
      return `// ${visible(name)} in ${visible(database)}: no row differs.\n`;
    const maxRows = readSettings().previewMaxRows;
    const view = await this.#view(address);
    const { left, right } = rowChangesText({ database, table, view, maxRows });
    return isLeft ? left : right;
  }

  /** A comparison that was made just now, with its rows. */
  hold(cwd: string, sides: Sides, databases: Databases): void {
    this.#keep(keyOf({ cwd, sides, database: '' }), databases);
  }

  /** Forgets what was compared: the data changed, or is looked at anew. Tells open documents. */
  forget(files: SnapshotFileSystem): void {
    this.#held.clear();
    const uris = workspace.textDocuments
      .map(({ uri }) => uri)
      .filter((uri) => uri.scheme === snapshotScheme)
      .filter((uri) => uri.authority === 'live' || rowChangesAddress(parseDocumentUri(uri)));
    files.fireRead(uris);
  }

  async #load(address: RowChangesAddress): Databases {
    const key = keyOf(address);
    const loading = this.#held.get(key) ?? this.#compare(address);
    this.#keep(key, loading);
    try {
      return await loading;
    } catch (error) {
      this.#held.delete(key);
      throw error;
    }
  }

  async #compare({ cwd, database, sides }: RowChangesAddress): Databases {
    const project = this.#engine.project(cwd);
    const listing = { rows: readSettings().previewMaxRows, cells: 'shown' } as const;
    const held = sides.mode === 'restore' ? this.#planOf(cwd, sides.b) : undefined;
    // Another plan would take the place of the one that a preview stands on.
    if (!held) return (await project.diff(sides.a, sides.b, listing, quietCall())).databases;
    const options = { snapshot: sides.b, only: [database], ...listing, basedOn: held.full.token };
    const plan = await project.planRestore(options, quietCall());
    return plan.databases.flatMap(({ diff }) => diff ?? []);
  }

  async #view({ cwd, sides }: RowChangesAddress): Promise<RowChangesView> {
    if (sides.mode === 'restore') return { kind: 'restore' };
    const project = this.#engine.project(cwd);
    const nameOf = async (side: string): Promise<string> =>
      side === 'live' ? sideName(null) : sideName(await project.resolve(side));
    return { kind: 'compare', left: await nameOf(sides.a), right: await nameOf(sides.b) };
  }

  #keep(key: string, databases: Databases): void {
    this.#held.delete(key);
    this.#held.set(key, databases);
    const [oldest] = this.#held.keys();
    if (this.#held.size > maxHeld && oldest !== undefined) this.#held.delete(oldest);
  }
}

/** A comparison holds all databases, a plan is made for one. */
function keyOf({
  cwd,
  sides,
  database,
}: Pick<RowChangesAddress, 'cwd' | 'sides' | 'database'>): string {
  const { a, b, mode } = sides;
  return JSON.stringify([cwd, a, b, mode === 'restore' ? database : '']);
}
