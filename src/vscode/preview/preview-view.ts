// The third view: a restore preview with its boxes, or a comparison without. It shows what it is given
// and tells which boxes were clicked.

import {
  EventEmitter,
  TreeItemCheckboxState,
  window,
  type Disposable,
  type Event,
  type TreeDataProvider,
  type TreeItem,
  type TreeView,
} from 'vscode';
import { rootsOf, type ChangeNode, type ChangeTree } from '../../core/views/change-tree.ts';
import type { NoteRow } from '../../core/views/preview-notes.ts';
import { changeRow, isSmall, type PreviewMode } from '../../core/views/preview-rows.ts';
import type { LeftOut } from '../../core/views/preview-selection.ts';
import { DisposableStore } from '../host/disposables.ts';
import type { ProjectModel } from '../projects/project-model.ts';
import { ViewNode } from '../views/nodes.ts';
import { previewItem } from './preview-item.ts';

export const previewViewId = 'savepoint.preview';

export interface PreviewContent {
  readonly project: ProjectModel;
  readonly mode: PreviewMode;
  readonly tree: ChangeTree;
  readonly leftOut: LeftOut;
  readonly notes: readonly NoteRow[];
}

export interface Toggle {
  readonly node: ChangeNode;
  readonly isTicked: boolean;
}

const titles = { restore: 'Restore Preview', compare: 'Compare' } as const;

export class PreviewView implements TreeDataProvider<ViewNode>, Disposable {
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new EventEmitter<ViewNode | undefined>());
  readonly #toggled = this.#owned.add(new EventEmitter<readonly Toggle[]>());
  readonly #view: TreeView<ViewNode>;
  #content: PreviewContent | undefined;
  #isSmall = true;

  readonly onDidChangeTreeData: Event<ViewNode | undefined> = this.#changed.event;
  /** Boxes that were clicked; what is ticked then is for the listener to say. */
  readonly onDidToggle: Event<readonly Toggle[]> = this.#toggled.event;

  constructor() {
    this.#view = this.#owned.add(
      window.createTreeView(previewViewId, {
        treeDataProvider: this,
        manageCheckboxStateManually: true,
      }),
    );
    this.#owned.add(
      this.#view.onDidChangeCheckboxState(({ items }) => {
        const toggles = items.flatMap(([{ payload }, state]): Toggle[] =>
          payload.kind === 'change'
            ? [{ node: payload.node, isTicked: state === TreeItemCheckboxState.Checked }]
            : [],
        );
        this.#toggled.fire(toggles);
      }),
    );
  }

  get title(): string | undefined {
    return this.#view.title;
  }

  get message(): string | undefined {
    return this.#view.message;
  }

  /** @param content undefined while it is looked for, or when the view goes. */
  show(mode: PreviewMode, content: PreviewContent | undefined, message: string): void {
    this.#content = content;
    this.#isSmall = content === undefined || isSmall(content.tree);
    this.#view.title = titles[mode];
    this.#view.message = message;
    this.#changed.fire(undefined);
  }

  setMessage(message: string): void {
    this.#view.message = message;
  }

  /** Opens the view; with `focus` the keyboard is there as well. */
  async reveal(focus: boolean): Promise<void> {
    const [first] = this.getChildren();
    if (first) await this.#view.reveal(first, { select: focus, focus });
  }

  getTreeItem(node: ViewNode): TreeItem {
    const { payload } = node;
    const mode = this.#content?.mode ?? 'restore';
    if (payload.kind !== 'change' && payload.kind !== 'note') throw new Error(`no row ${node.id}`);
    return previewItem(node, payload.row, mode);
  }

  getParent(node: ViewNode): ViewNode | undefined {
    return node.parent;
  }

  getChildren(parent?: ViewNode): ViewNode[] {
    const content = this.#content;
    if (!content) return [];
    if (parent === undefined) {
      const changes = rootsOf(content.tree).map((node) => this.#changeNode(content, node));
      return [...changes, ...content.notes.map((row) => noteNode(content, row, undefined))];
    }
    const { payload } = parent;
    if (payload.kind === 'note') {
      return payload.row.children.map((row) => noteNode(content, row, parent));
    }
    if (payload.kind !== 'change' || !('children' in payload.node)) return [];
    return payload.node.children.map((node) => this.#changeNode(content, node, parent));
  }

  dispose(): void {
    this.#owned.dispose();
  }

  #changeNode(
    { project, mode, leftOut }: PreviewContent,
    node: ChangeNode,
    parent?: ViewNode,
  ): ViewNode {
    const row = changeRow(node, mode, leftOut, this.#isSmall);
    return new ViewNode(project, row, { kind: 'change', node, row }, parent);
  }
}

function noteNode(
  { project }: PreviewContent,
  row: NoteRow,
  parent: ViewNode | undefined,
): ViewNode {
  return new ViewNode(project, row, { kind: 'note', row }, parent);
}
