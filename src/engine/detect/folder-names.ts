// What the name of a folder or file says about whether it holds data.

/** Folders that are never looked into: tools make them, and can make them again. */
const neverData = new Set([
  'node_modules',
  'bower_components',
  'jspm_packages',
  'vendor',
  'Pods',
  'deps',
  'site-packages',
  'dist',
  'build',
  '_build',
  'out',
  'target',
  'bin',
  'obj',
  'DerivedData',
  'coverage',
  'htmlcov',
  'venv',
  'env',
  'virtualenv',
  '__pycache__',
  '__pypackages__',
  'tmp',
  'temp',
  'log',
  'logs',
  'cache',
  'lost+found',
  '.git',
  '.hg',
  '.svn',
  '.jj',
  '.bzr',
  '.sl',
  '.idea',
  '.vs',
  '.vscode',
  '.vscode-test',
  '.history',
  '.fleet',
  '.next',
  '.nuxt',
  '.output',
  '.svelte-kit',
  '.astro',
  '.angular',
  '.expo',
  '.vercel',
  '.netlify',
  '.turbo',
  '.nx',
  '.gradle',
  '.m2',
  '.mvn',
  '.cargo',
  '.rustup',
  '.terraform',
  '.serverless',
  '.dart_tool',
  '.bundle',
  '.venv',
  '.tox',
  '.nox',
  '.eggs',
  '.ipynb_checkpoints',
  '.yarn',
  '.pnpm-store',
  '.npm',
  '.nyc_output',
  '.docusaurus',
  '.vuepress',
  '.vitepress',
  '.sass-cache',
  '.direnv',
  '.devenv',
  '.Trash',
  '.DS_Store',
]);

export function isNeverData(name: string): boolean {
  return neverData.has(name) || /^\..*[-_]?cache$/i.test(name) || name.endsWith('.egg-info');
}

const dataNames =
  /^[._]?(?:data|db|dbs|database|databases|sqlite|storage|store|state|var|instance|persist(?:ent)?|appdata|app_data)$/i;

/** True for `data`, `.data`, `pb_data`, `dev-data`, `storage`, `db`, `var`, `instance` and the like. */
export function looksLikeData(name: string): boolean {
  return dataNames.test(name) || /^[\w.]+[-_.](?:data|db|storage|state)$/i.test(name);
}

/** True for a folder of files that users or the application put there: `uploads`, `media`, `node-red-data`. */
export function looksLikeState(name: string): boolean {
  return (
    /^(?:uploads?|media|files?|attachments?|data|storage|store|state|persist(?:ent)?|collections?|repositories|documents?)$/i.test(
      name,
    ) || /[-_.](?:data|storage|state|uploads?|media|files|attachments)$/i.test(name)
  );
}

/** True for a folder of a home folder in which a known application keeps all it has: `~/.n8n`. */
export function isApplicationHome(name: string): boolean {
  return /^\.(?:n8n|node-red|flowise|verdaccio|directus|activepieces|langflow|open-webui|uptime-kuma|homeassistant|nocodb)$/i.test(
    name,
  );
}

/** Settings that somebody wrote, and what is made or thrown away. */
export function looksLikeSettings(name: string): boolean {
  return /^(?:conf(?:ig|igs|\.d)?|etc|settings|certs?|ssl|scripts?|init(?:db)?(?:\.d)?|docker-entrypoint.*|nginx.*|logs?|cache|tmp|temp|plugins?|themes?|templates?|src|app|lib|bin|public|static|dist|build)$/i.test(
    name,
  );
}

/** True for a folder in which tests and examples of them keep what they need. */
export function isForTests(name: string): boolean {
  return /^(?:_{0,2}(?:tests?|specs?|fixtures?|mocks?)_{0,2}|test[-_]?data|e2e|cypress|.*[-_.]tests?)$/i.test(
    name,
  );
}

const manifests = new Set([
  'package.json',
  'pyproject.toml',
  'setup.py',
  'requirements.txt',
  'Cargo.toml',
  'go.mod',
  'Gemfile',
  'composer.json',
  'pom.xml',
  'build.gradle',
  'build.gradle.kts',
  'mix.exs',
  'deno.json',
  'Makefile',
  'Dockerfile',
  'CMakeLists.txt',
  'tsconfig.json',
  'manage.py',
  'alembic.ini',
  'schema.prisma',
  'schema.rb',
]);

/**
 * True for a file that somebody wrote as source code, so that the folder it is in is no folder of
 * state. Declarations of types are made by programs: PocketBase has some beside its database.
 */
export function isSource(name: string): boolean {
  return (
    manifests.has(name) ||
    /(?<!\.d)\.(?:ts|tsx|mts|cts|jsx|vue|svelte|py|rb|go|rs|java|kt|scala|cs|fs|php|ex|exs|erl|swift|c|cc|cpp|h|hpp|dart|lua|pl|prisma|csproj)$/i.test(
      name,
    )
  );
}

/** The same for a folder's own files: scripts in a folder below may be what users put there. */
export function isSourceAtTop(name: string): boolean {
  return isSource(name) || /\.(?:js|mjs|cjs)$/i.test(name);
}

/** Migrations beside a database: the folder is part of the source code. */
export function isMigrations(name: string): boolean {
  return /^(?:migrations?|migrate|seeds?|seeders?|factories|drizzle|alembic)$/i.test(name);
}

/** A database server's own files, by the one that each of them has; undefined where it is none. */
export function serverOf(names: ReadonlySet<string>): string | undefined {
  if (names.has('PG_VERSION')) return 'PostgreSQL';
  if (names.has('ibdata1') || names.has('aria_log_control')) return 'MySQL or MariaDB';
  if (names.has('WiredTiger')) return 'MongoDB';
  return undefined;
}
