// Who and what stood behind a snapshot. Git is read, never run: a repository's configuration can name
// programs to be executed.

import { lstatSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Origin } from '../../core/documents/documents.ts';
import type { EngineOptions } from '../options.ts';
import { readSmallFile } from '../detect/env-files.ts';

/**
 * Branch and commit of the work tree that `projectDir` lies in, and the agent that `env` tells of; nothing
 * outside of an untrusted folder is looked at.
 * Whatever cannot be told is null; never throws. The command is the caller's to fill in.
 */
export function readOrigin(
  projectDir: string,
  { env, trusted }: Pick<EngineOptions, 'env' | 'trusted'>,
): Origin {
  const gitDir = findGitDir(projectDir, trusted);
  const head = gitDir === undefined ? undefined : readHead(gitDir);
  return {
    command: null,
    actor: actorOf(env),
    branch: head?.branch ?? null,
    commit: head?.commit ?? null,
  };
}

/**
 * Environment variables that agents set for what they start; the first that is set counts. An agent's
 * editor extension sets others in every terminal (CLAUDE_CODE_SSE_PORT): there a person types.
 */
const agents: readonly (readonly [RegExp, string])[] = [
  [/^CLAUDECODE$|^CLAUDE_CODE_(?:ENTRYPOINT|SESSION_ID)$/, 'Claude Code'],
  [/^CURSOR_AGENT$/, 'Cursor'],
  [/^CODEX_SANDBOX(?:_NETWORK_DISABLED)?$/, 'Codex'],
  [/^GEMINI_CLI$/, 'Gemini CLI'],
  [/^COPILOT_AGENT$/, 'Copilot'],
];

/** The agent that runs this, null for a person. */
function actorOf(env: Readonly<Record<string, string | undefined>>): string | null {
  const set = Object.keys(env).filter((name) => !['', '0', 'false', undefined].includes(env[name]));
  return agents.find(([pattern]) => set.some((name) => pattern.test(name)))?.[1] ?? null;
}

/**
 * The nearest `.git` upwards: a folder, or a file of a linked work tree or submodule that names one. A file
 * of a repository that is not trusted may name anything, a share of another machine too.
 */
function findGitDir(projectDir: string, trusted: boolean): string | undefined {
  for (let dir = resolve(projectDir); ; dir = dirname(dir)) {
    const path = join(dir, '.git');
    const kind = kindOf(path);
    if (kind === 'directory' && kindOf(join(path, 'HEAD')) !== undefined) return path;
    if (kind === 'file') {
      if (!trusted) return undefined;
      const named = /^gitdir: (.+)$/m.exec(readSmallFile(path, maxRefBytes) ?? '')?.[1];
      return named === undefined ? undefined : resolve(dir, named.trim());
    }
    if (dirname(dir) === dir) return undefined;
  }
}

interface Head {
  /** Null for a detached head. */
  readonly branch: string | null;
  /** Null on a branch without a commit. */
  readonly commit: string | null;
}

function readHead(gitDir: string): Head | undefined {
  const head = readSmallFile(join(gitDir, 'HEAD'), maxRefBytes)?.trim() ?? '';
  if (isCommit(head)) return { branch: null, commit: head };
  const ref = namedRef(head);
  // The reftable format keeps refs elsewhere and has this in their place.
  if (ref === undefined || ref === 'refs/heads/.invalid') return undefined;
  const common = readSmallFile(join(gitDir, 'commondir'), maxRefBytes)?.trim();
  const places = common === undefined ? [gitDir] : [gitDir, resolve(gitDir, common)];
  return { branch: ref.replace(/^refs\/heads\//, ''), commit: resolveRef(places, ref) };
}

/**
 * A ref's commit: a file of its own, else a line of packed-refs.
 * @param places the work tree's own folder of git, then the one it shares with others
 */
function resolveRef(places: readonly string[], ref: string, depth = 0): string | null {
  for (const place of places) {
    const text = readSmallFile(join(place, ref), maxRefBytes)?.trim() ?? '';
    if (isCommit(text)) return text;
    const next = namedRef(text);
    if (next !== undefined && depth < 5) return resolveRef(places, next, depth + 1);
  }
  return places.map((place) => packedRef(place, ref)).find((commit) => commit !== null) ?? null;
}

/** The ref that `ref: refs/…` names; none that leads elsewhere. */
function namedRef(text: string): string | undefined {
  const ref = /^ref: (refs\/.+)$/.exec(text)?.[1];
  return ref?.split('/').includes('..') === true ? undefined : ref;
}

function packedRef(place: string, ref: string): string | null {
  const packed = readSmallFile(join(place, 'packed-refs'), maxPackedBytes) ?? '';
  const line = packed.split('\n').find((text) => text.endsWith(` ${ref}`));
  const commit = line?.slice(0, -ref.length - 1) ?? '';
  return isCommit(commit) ? commit : null;
}

const maxRefBytes = 4096;
/** Repositories with more refs than fit in here have the current branch as a file of its own. */
const maxPackedBytes = 16 * 1024 * 1024;

/** SHA-1, or SHA-256 in newer repositories. */
function isCommit(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

function kindOf(path: string): 'file' | 'directory' | undefined {
  try {
    const stats = lstatSync(path, { throwIfNoEntry: false });
    if (stats?.isDirectory() === true) return 'directory';
    return stats?.isFile() === true ? 'file' : undefined;
  } catch {
    // A folder on the way up that is not ours: no repository of this project.
    return undefined;
  }
}
