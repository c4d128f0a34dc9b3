// Read-only text that is made, not stored: the restore preview, the status, what was looked at. The
// address holds all that is needed to make the text again, so a tab survives a reload of the window.

import {
  EventEmitter,
  Uri,
  window,
  workspace,
  type Disposable,
  type Event,
  type TabInputText,
  type TextDocumentContentProvider,
} from 'vscode';
import { DisposableStore } from '../host/disposables.ts';

const reportScheme = 'savepoint-report';

const titles = {
  preview: 'Restore Preview',
  status: 'Savepoint Status',
  detection: 'What Was Looked At',
  verify: 'Verified',
  prune: 'Retention',
  snapshot: 'Snapshot',
  evidence: 'Suggested Rule',
  // The preview of Markdown goes by the ending.
  history: 'History.md',
} as const;

export interface ReportAddress {
  readonly kind: keyof typeof titles;
  readonly cwd: string;
  /** What else the text depends on; plain data. */
  readonly args: Readonly<Record<string, unknown>>;
}

export type RenderReport = (address: ReportAddress) => Promise<string>;

export class ReportDocuments implements TextDocumentContentProvider, Disposable {
  readonly #render: RenderReport;
  readonly #owned = new DisposableStore();
  readonly #changed = this.#owned.add(new EventEmitter<Uri>());
  readonly #texts = new Map<string, string>();

  readonly onDidChange: Event<Uri> = this.#changed.event;

  constructor(render: RenderReport) {
    this.#render = render;
    this.#owned.add(workspace.registerTextDocumentContentProvider(reportScheme, this));
    this.#owned.add(
      workspace.onDidCloseTextDocument(({ uri }) => this.#texts.delete(uri.toString())),
    );
  }

  /** Shows `text` as a preview tab, in place of what the address showed before. */
  async show(address: ReportAddress, text: string, preserveFocus: boolean): Promise<Uri> {
    const uri = this.put(address, text);
    const document = await workspace.openTextDocument(uri);
    await window.showTextDocument(document, { preview: true, preserveFocus });
    return uri;
  }

  /** Changes the text of a document that is open, and of no other. */
  update(address: ReportAddress, text: string): void {
    const uri = reportUri(address);
    const key = uri.toString();
    const isOpen = workspace.textDocuments.some((document) => document.uri.toString() === key);
    if (!isOpen || this.#texts.get(key) === text) return;
    this.#texts.set(key, text);
    this.#changed.fire(uri);
  }

  /** Makes `text` what the address shows, and shows nothing itself. */
  put(address: ReportAddress, text: string): Uri {
    const uri = reportUri(address);
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }

  /** Makes the open documents of this kind anew. */
  refresh(kind: ReportAddress['kind']): void {
    for (const { uri } of workspace.textDocuments) {
      if (uri.scheme !== reportScheme || parseReportUri(uri).kind !== kind) continue;
      this.#texts.delete(uri.toString());
      this.#changed.fire(uri);
    }
  }

  async provideTextDocumentContent(uri: Uri): Promise<string> {
    return this.#texts.get(uri.toString()) ?? this.#render(parseReportUri(uri));
  }

  async close(uri: Uri): Promise<void> {
    const tabs = window.tabGroups.all.flatMap((group) => group.tabs);
    const ours = tabs.filter((tab) => isTextInput(tab.input) && sameUri(tab.input.uri, uri));
    await window.tabGroups.close(ours);
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

export function reportUri({ kind, cwd, args }: ReportAddress): Uri {
  const query = JSON.stringify({ kind, cwd, args });
  return Uri.from({ scheme: reportScheme, path: `/${titles[kind]}`, query });
}

/** Inverse of `reportUri`. Addresses are ours, but a tab may be of an older version of us. */
function parseReportUri(uri: Uri): ReportAddress {
  return JSON.parse(uri.query) as ReportAddress;
}

function isTextInput(input: unknown): input is TabInputText {
  return typeof input === 'object' && input !== null && 'uri' in input;
}

function sameUri(a: Uri, b: Uri): boolean {
  return a.toString() === b.toString();
}
