// The count of mismatches on a snapshot's row. No colour: it would repaint the whole row.

import {
  FileDecoration,
  Uri,
  window,
  type Disposable,
  type FileDecorationProvider,
  type ProviderResult,
} from 'vscode';
import type { SnapshotEntry } from '../../core/documents/documents.ts';
import { plural } from '../../core/format/numbers.ts';

const itemScheme = 'savepoint-item';

/** The address that carries the count; it names nothing that could be opened. */
export function itemUri(entry: SnapshotEntry): Uri | undefined {
  const mismatches = entry.mismatches ?? 0;
  if (mismatches === 0) return undefined;
  return Uri.from({ scheme: itemScheme, path: `/${entry.id}`, query: String(mismatches) });
}

export function registerItemDecorations(): Disposable {
  const provider: FileDecorationProvider = {
    provideFileDecoration(uri: Uri): ProviderResult<FileDecoration> {
      if (uri.scheme !== itemScheme) return undefined;
      const count = Number(uri.query);
      const badge = String(Math.min(count, 99));
      return new FileDecoration(badge, plural(count, 'mismatch', 'mismatches'));
    },
  };
  return window.registerFileDecorationProvider(provider);
}
