// What a script's or a target's name promises where its text does not tell: `db:reset`, `seed.ts`.

/** Words that need no other beside them. */
const alone = /^(seed|seeds|seeder|seeders|reseed|migrate|migrations|rollback)$/;
const together =
  /^(reset|wipe|nuke|drop|truncate|purge|fresh|push|restore|setup|load|clear|clean|prepare|recreate|rebuild|init|destroy|delete|undo|migration|up|down|import|run|latest|refresh|empty|remove)$/;
const data =
  /^(db|dbs|database|databases|data|sqlite|schema|prisma|drizzle|knex|migrations?|tables?|postgres|pg|ecto|storage|uploads)$/;
const quiet =
  /^(make|create|generate|gen|new|status|list|show|diff|check|lint|tests?|spec|e2e|dump|backup|export|types|typings|studio|format|validate|build|watch|typecheck|docs|dry|plan|pull|introspect|print|info|history|version|start|logs|shell|console|seo)$/;

/** True where the name says that data is emptied, replaced or migrated. */
export function promisesDestruction(name: string): boolean {
  const words = name
    .replace(/\.[cm]?[jt]s$|\.(py|rb|php|sh|bash|pl|exs)$/, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (words.some((word) => quiet.test(word))) return false;
  if (words.some((word) => alone.test(word))) return true;
  return words.some((word) => data.test(word)) && words.some((word) => together.test(word));
}
