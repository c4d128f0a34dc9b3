// What a script's or a target's name promises where its text does not tell: `db:reset`, `seed.ts`.

/** Words that need no other beside them. */
const alone = /^(seed|seeds|seeder|seeders|reseed|migrate|migrator|migrations|rollback)$/;
const together =
  /^(reset|wipe|nuke|drop|truncate|purge|fresh|push|restore|setup|load|clear|clean|prepare|recreate|rebuild|init|destroy|delete|undo|migration|up|down|import|run|latest|refresh|empty|remove)$/;
const data =
  /^(db|dbs|database|databases|data|sqlite|schema|prisma|drizzle|knex|migrations?|tables?|postgres|pg|ecto|storage|uploads)$/;
const quiet =
  /^(make|create|generate|gen|new|status|list|show|diff|check|lint|tests?|spec|e2e|dump|backup|export|types|typings|studio|format|validate|build|watch|typecheck|docs|dry|plan|pull|introspect|print|info|history|version|start|logs|shell|console|seo)$/;

/** True where the name says that data is emptied, replaced or migrated. */
export function promisesDestruction(name: string): boolean {
  const words = wordsIn(name);
  if (words.some((word) => quiet.test(word))) return false;
  if (words.some((word) => alone.test(word))) return true;
  return words.some((word) => data.test(word)) && words.some((word) => together.test(word));
}

/** True where the name says that something is built, tested or told: `build`, `test:unit`. */
export function promisesQuiet(name: string): boolean {
  const words = wordsIn(name);
  const isLoud = words.some((word) => alone.test(word) || together.test(word));
  return !isLoud && words.some((word) => quiet.test(word));
}

function wordsIn(name: string): readonly string[] {
  return name
    .replace(/\.[cm]?[jt]s$|\.(py|rb|php|sh|bash|pl|exs|go|rs)$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}

/** The name that tells what a script is for: `cmd/seed/main.go` is called by its folder. */
export function scriptName(path: string): string {
  const names = path.split('/').filter((name) => name !== '' && name !== '.');
  const last = names.at(-1) ?? '';
  return /^(main|index|__main__|mod)\.[a-z]+$/.test(last) ? (names.at(-2) ?? last) : last;
}

/** True where what a program of the project is told to do promises that: `./app migrate`. */
export function promisesVerb(verb: string): boolean {
  return !/^-|[/]|^migrations?$/.test(verb) && promisesDestruction(verb);
}

/** True where a script is only asked something: `migrate status`, `seed --help`. */
export function asksScript([verb = '']: readonly string[]): boolean {
  return /^(status|list|ls|show|history|version|help|current|pending|info|-h|--help|--version)$/.test(
    verb,
  );
}
