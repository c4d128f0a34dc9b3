// The table of contents: what the extension is made of, in the order it is made.

import { ExtensionMode, MarkdownString, window, workspace, type ExtensionContext } from 'vscode';
import { registerAgentTools } from './agents/agent-tools.ts';
import { registerMcpServers } from './agents/mcp-servers.ts';
import { createApi, type SavepointApi } from './api.ts';
import { registerCheckOccasions } from './flows/check-occasions.ts';
import { registerClockwork } from './flows/clockwork.ts';
import { registerCommands } from './commands/command-table.ts';
import { registerConfigDiagnostics } from './flows/config-diagnostics.ts';
import { snapshotScheme } from './documents/document-uri.ts';
import { registerCrashMessage } from './flows/crash-message.ts';
import { registerPendingRestore } from './flows/pending-restore.ts';
import { registerChangeDecorations } from './preview/preview-item.ts';
import { registerGuard } from './guard/register-guard.ts';
import { createServices, type Services } from './services.ts';
import { StatusItem } from './flows/status-item.ts';
import { registerItemDecorations } from './views/item-decorations.ts';

/** The services are for the extension's own tests. */
export function activate(
  context: ExtensionContext,
): SavepointApi & { readonly services?: Services & { readonly statusItem: StatusItem } } {
  const services = createServices(context);
  const { owned, projects, activities, snapshotFiles } = services;
  context.subscriptions.push(owned);
  owned.add(registerCommands(services));
  owned.add(
    workspace.registerFileSystemProvider(snapshotScheme, snapshotFiles, {
      isReadonly: new MarkdownString('Nothing is changed in here: a restore brings it back.'),
    }),
  );
  owned.add(registerItemDecorations());
  owned.add(registerChangeDecorations());
  owned.add(registerConfigDiagnostics(projects));
  owned.add(registerCheckOccasions(services));
  // Charts are images, whose colours do not follow by themselves.
  owned.add(window.onDidChangeActiveColorTheme(() => services.reports.refresh('history')));
  owned.add(registerCrashMessage(services));
  owned.add(registerPendingRestore(services));
  owned.add(registerAgentTools(services));
  owned.add(registerMcpServers(context));
  owned.add(registerGuard(context, services));
  const statusItem = owned.add(new StatusItem(projects, activities));
  owned.add(registerClockwork(services, statusItem));
  void projects.loadAll();
  const api = createApi(services);
  if (context.extensionMode !== ExtensionMode.Test) return api;
  return { ...api, services: { ...services, statusItem } };
}
