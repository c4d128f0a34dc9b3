// When an agent last did something in a project that its hook is for: looked up in its own records of
// conversations, of which a few new ones are read, and of these the end. Where an agent keeps nothing, or
// elsewhere, nothing is known.

import {
  closeSync,
  fstatSync,
  openSync,
  readSync,
  readdirSync,
  readFileSync,
  statSync,
} from 'node:fs';
import { join } from 'node:path';
import type { HookAgentName } from '../../core/documents/agent-hooks.ts';
import type { AgentRun } from '../../core/agents/hook-state.ts';
import {
  claudeFolderName,
  codexRanIn,
  cursorFolderName,
  isWorkspaceOf,
  lastToolUse,
} from '../../core/agents/session-records.ts';

export interface RunPlace {
  /** Absolute real path of the project folder. */
  readonly projectDir: string;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const maxRecords = 20;
const maxTailBytes = 512 * 1024;
const headBytes = 4096;

/** Undefined where nothing is known of it. */
export function lastAgentRun(agent: HookAgentName, place: RunPlace): AgentRun | undefined {
  let newest: AgentRun | undefined;
  for (const { path, changedMs } of newestRecords(recordsOf[agent](place))) {
    if (newest !== undefined && changedMs < newest.leastMs) break;
    const run = runIn(path, agent, changedMs);
    if (run !== undefined && run.leastMs > (newest?.leastMs ?? 0)) newest = run;
  }
  return newest;
}

const recordsOf: Readonly<Record<HookAgentName, (place: RunPlace) => readonly string[]>> = {
  'claude-code': ({ projectDir, home, env }) => {
    const config = env['CLAUDE_CONFIG_DIR'] ?? join(home, '.claude');
    return filesIn(join(config, 'projects', claudeFolderName(projectDir)));
  },
  cursor: ({ projectDir, home }) => {
    const project = join(home, '.cursor/projects', cursorFolderName(projectDir));
    const top = join(project, 'agent-transcripts');
    return [...filesIn(top), ...foldersIn(top).flatMap(filesIn)];
  },
  gemini: ({ projectDir, home }) =>
    foldersIn(join(home, '.gemini/tmp'))
      .filter((folder) => textOf(join(folder, '.project_root')).trim() === projectDir)
      .flatMap((folder) => filesIn(join(folder, 'chats'))),
  codex: ({ projectDir, home, env }) => {
    const sessions = join(env['CODEX_HOME'] ?? join(home, '.codex'), 'sessions');
    // Year, month and day are folders: of the days the newest are looked at.
    const days = newestNames([sessions], 2).flatMap((year) =>
      newestNames([year], 3).flatMap((month) => newestNames([month], maxRecords)),
    );
    const records = days.slice(0, maxRecords).flatMap((day) => filesIn(day));
    return records.filter((path) => codexRanIn(partOf(path, 'head'), projectDir));
  },
  vscode: ({ projectDir, home, env }) =>
    editorFolders(home, env)
      .flatMap((folder) => foldersIn(join(folder, 'workspaceStorage')))
      .filter((folder) => isWorkspaceOf(textOf(join(folder, 'workspace.json')), projectDir))
      .flatMap((folder) => filesIn(join(folder, 'chatSessions'))),
};

function editorFolders(home: string, env: RunPlace['env']): readonly string[] {
  const settings = [
    env['XDG_CONFIG_HOME'] ?? join(home, '.config'),
    join(home, 'Library/Application Support'),
    env['APPDATA'] ?? join(home, 'AppData/Roaming'),
  ];
  const desktop = settings.flatMap((folder) =>
    ['Code', 'Code - Insiders', 'VSCodium'].map((name) => join(folder, name, 'User')),
  );
  const servers = ['.vscode-server', '.vscode-server-insiders', '.vscode-remote'];
  return [...desktop, ...servers.map((name) => join(home, name, 'data/User'))];
}

interface RecordFile {
  readonly path: string;
  readonly changedMs: number;
}

function newestRecords(paths: readonly string[]): readonly RecordFile[] {
  return paths
    .flatMap((path): RecordFile[] => {
      const stats = statSync(path, { throwIfNoEntry: false });
      return stats === undefined ? [] : [{ path, changedMs: stats.mtimeMs }];
    })
    .toSorted((a, b) => b.changedMs - a.changedMs)
    .slice(0, maxRecords);
}

function runIn(path: string, agent: HookAgentName, changedMs: number): AgentRun | undefined {
  const usedMs = lastToolUse(agent, partOf(path, 'tail'));
  if (usedMs === undefined) return undefined;
  if (usedMs !== null) return { ranMs: usedMs, leastMs: usedMs };
  const { birthtimeMs } = statSync(path);
  return { ranMs: changedMs, leastMs: Math.min(birthtimeMs, changedMs) };
}

/** Empty where it cannot be read. */
function partOf(path: string, part: 'head' | 'tail'): string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const { size } = fstatSync(descriptor);
    const length = Math.min(size, part === 'head' ? headBytes : maxTailBytes);
    const bytes = Buffer.alloc(length);
    const read = readSync(descriptor, bytes, 0, length, part === 'head' ? 0 : size - length);
    return bytes.toString('utf8', 0, read);
  } catch {
    return '';
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function filesIn(folder: string): readonly string[] {
  return entriesIn(folder).flatMap(({ name, isFolder }) =>
    !isFolder && /\.(?:jsonl?|txt)$/.test(name) ? [join(folder, name)] : [],
  );
}

function foldersIn(folder: string): readonly string[] {
  return entriesIn(folder).flatMap(({ name, isFolder }) => (isFolder ? [join(folder, name)] : []));
}

/** The last folders by name. */
function newestNames(folders: readonly string[], count: number): readonly string[] {
  return folders.flatMap((folder) => foldersIn(folder).toSorted().toReversed().slice(0, count));
}

function entriesIn(
  folder: string,
): readonly { readonly name: string; readonly isFolder: boolean }[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .slice(0, maxEntries)
      .map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }));
  } catch {
    // The agent was never here, or it is not ours to read.
    return [];
  }
}

const maxEntries = 5000;
