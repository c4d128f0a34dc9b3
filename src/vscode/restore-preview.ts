// Restore previews: the plan of what a restore would do, as a document and as what is then applied.

import type { Uri } from 'vscode';
import type { RestorePlanDocument } from '../core/documents.ts';
import { plainText } from '../core/text/lines.ts';
import { restorePlanText } from '../core/text/restore-text.ts';
import type { CallOptions, RestoreOptions } from '../engine/index.ts';
import { clockNow } from './clock.ts';
import type { RemoteProject } from './engine-client.ts';
import {
  parseReportUri,
  reportUri,
  type ReportAddress,
  type ReportDocuments,
} from './report-documents.ts';

export interface Preview {
  readonly uri: Uri;
  readonly cwd: string;
  readonly options: RestoreOptions;
  readonly plan: RestorePlanDocument;
}

export class RestorePreviews {
  readonly #projectAt: (cwd: string) => RemoteProject;
  readonly #plans = new Map<string, RestorePlanDocument>();

  constructor(projectAt: (cwd: string) => RemoteProject) {
    this.#projectAt = projectAt;
  }

  async plan(cwd: string, options: RestoreOptions, call: CallOptions): Promise<Preview> {
    const plan = await this.#projectAt(cwd).planRestore(options, call);
    const uri = reportUri(addressOf(cwd, options));
    this.#plans.set(uri.toString(), plan);
    return { uri, cwd, options, plan };
  }

  async show(reports: ReportDocuments, preview: Preview, preserveFocus: boolean): Promise<void> {
    const { cwd, options, plan } = preview;
    await reports.show(addressOf(cwd, options), previewText(plan), preserveFocus);
  }

  /** The preview that a tab shows; its plan is made again where the window was reloaded since. */
  async ofDocument(uri: Uri, call: CallOptions): Promise<Preview> {
    const { cwd, options } = previewArguments(uri);
    const plan = this.#plans.get(uri.toString());
    return plan ? { uri, cwd, options, plan } : this.plan(cwd, options, call);
  }

  forget(uri: Uri): void {
    this.#plans.delete(uri.toString());
  }
}

/** The same lines as `savepoint restore --dry-run`. */
export function previewText(plan: RestorePlanDocument): string {
  return `${restorePlanText(plan, plainText(clockNow())).join('\n')}\n`;
}

export function previewArguments(uri: Uri): { cwd: string; options: RestoreOptions } {
  const { cwd, args } = parseReportUri(uri);
  return { cwd, options: args['options'] as RestoreOptions };
}

function addressOf(cwd: string, options: RestoreOptions): ReportAddress {
  return { kind: 'preview', cwd, args: { options } };
}
