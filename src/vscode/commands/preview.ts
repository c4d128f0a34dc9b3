import { window, type Uri } from 'vscode';
import { EngineError } from '../../core/errors.ts';
import { parseReportUri, reportScheme } from '../report-documents.ts';
import type { Handler, Invocation } from '../invocation.ts';
import { previewArguments } from '../restore-preview.ts';
import { restorePreviewed } from '../restore-flow.ts';
import { quietCall } from '../with-progress.ts';

/** Restores what the preview in the editor shows. */
export const applyPreview: Handler = async (services, call) => {
  const preview = await services.previews.ofDocument(previewUri(call), quietCall());
  return restorePreviewed(services, services.projects.at(preview.cwd), preview);
};

export const refreshPreview: Handler = async (services, call) => {
  const { cwd, options } = previewArguments(previewUri(call));
  const preview = await services.previews.plan(cwd, options, quietCall());
  await services.previews.show(services.reports, preview, false);
};

function previewUri({ uri }: Invocation): Uri {
  const shown = uri ?? window.activeTextEditor?.document.uri;
  if (shown?.scheme !== reportScheme || parseReportUri(shown).kind !== 'preview') {
    throw new EngineError('USAGE', 'no restore preview is open', {
      hint: 'choose a snapshot in the Snapshots view',
    });
  }
  return shown;
}
