// The cheap question that a shell asks itself before it starts anything: may this line be destructive?
// Words for bash and zsh, which look them up faster than they read a long expression; for fish and .NET
// one regular expression.

import { toolRules } from './rules/all-rules.ts';

/** Programs that destroy by paths, lead to other commands, or run what cannot be seen from here. */
const others =
  'rm busybox unlink shred srm rimraf del del-cli trash trash-put rmdir rd ri mv move cp copy install ln rsync tee truncate dd curl wget rclone gzip gunzip xz unxz bzip2 bunzip2 zstd unzstd tar unzip 7z sed perl find xargs sqlite3 sqlite-utils psql mysql mariadb duckdb litecli mongosh clean checkout restore reset stash switch worktree compose volume exec prune eval source trap npm npx pnpm pnpx yarn bun bunx deno npm-run-all run-s run-p turbo nx lerna concurrently make gmake just task sh bash dash zsh fish pwsh node tsx ts-node python python3 ruby php uv uvx poetry pipenv pdm hatch pipx bundle composer mise rtx poe poethepoet invoke inv mix cargo go uvicorn gunicorn hypercorn xonsh remove-item move-item copy-item clear-content set-content out-file erase'.split(
    ' ',
  );

/** Words of Docker and others that stand for the program here: asking at each `docker ps` would cost too much. */
const leftOut = new Set(['docker', 'podman', 'nerdctl', 'console', 'setup', '']);

/** Sorted, without doubles; letters, digits and `_ . : -` alone. */
export function maybeWords(): readonly string[] {
  const programs = toolRules.flatMap((rule) => rule.programs).filter((name) => !leftOut.has(name));
  return [...new Set([...others, ...programs])]
    .flatMap((word) => word.slice(word.lastIndexOf('/') + 1))
    .toSorted();
}

/** A word by itself, a script by its path, or a redirection. */
export function maybePattern(): string {
  const words = maybeWords().map((word) => word.replaceAll('.', '[.]'));
  return `(^|[^A-Za-z0-9_-])(${words.join('|')})($|[^A-Za-z0-9_-])|(^|[;&|(]) *[.~/][^ ]*/|[.]sh($|[^A-Za-z0-9])|>`;
}
