// A project with data worth losing, for the demo, the pictures and a developer's own trying out:
// a docsfy DATA_DIR with generated sites, and a second database in WAL mode. The same bytes each time.
import { createHash } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';

interface Variant {
  readonly name: string;
  readonly branch: string;
  readonly provider: string;
  readonly model: string;
  readonly owner: string;
  readonly status: 'ready' | 'error';
}

const users = ['mira', 'tomas', 'yuki'];
const names = [
  ['billing-api', 'mira'],
  ['checkout', 'mira'],
  ['design-tokens', 'yuki'],
  ['edge-router', 'tomas'],
  ['feature-flags', 'yuki'],
  ['ledger', 'tomas'],
  ['mailer', ''],
  ['search', 'mira'],
  ['warehouse', 'tomas'],
] as const;
const models = [
  ['gemini', 'gemini-2.5-pro'],
  ['claude', 'claude-opus-4-6[1m]'],
] as const;
const pages = [
  ['getting-started', 'Getting started'],
  ['configuration', 'Configuration'],
  ['architecture', 'Architecture'],
  ['data-model', 'Data model'],
  ['http-api', 'HTTP API'],
  ['background-jobs', 'Background jobs'],
  ['deployment', 'Deployment'],
  ['troubleshooting', 'Troubleshooting'],
] as const;
const firstDay = Date.UTC(2026, 9, 1, 8);

/** Makes the project in `dir`, replacing what lies there. */
export async function makeSample(dir: string): Promise<void> {
  await rm(dir, { recursive: true, force: true });
  await writeProject(dir);
  const variants = allVariants();
  for (const [index, variant] of variants.entries()) {
    await writeVariant(join(dir, 'data'), variant, index);
  }
  await writeDocsfy(join(dir, 'data', 'docsfy.db'), variants);
  await writeVisits(join(dir, 'storage', 'visits.db'));
}

async function writeProject(dir: string): Promise<void> {
  const files = {
    '.env': 'DATA_DIR=/data\nADMIN_KEY=change-me-change-me\nSTORAGE_DIR=storage\n',
    '.gitignore': 'data/\nstorage/\n.env\n',
    'docker-compose.yaml':
      'services:\n  docsfy:\n    image: docsfy\n    env_file: .env\n    volumes:\n      - ./data:/data\n    ports:\n      - "8000:8000"\n',
    'README.md': '# docs-hub\n\nGenerated documentation for every service.\n',
    'migrations/0007-merge-owners.mjs': migration,
  };
  for (const [name, text] of Object.entries(files)) await write(join(dir, name), text);
}

/** It means to merge two owners, forgets the WHERE of its last statement, and tidies up where nobody asked. */
const migration = `import { createRequire } from 'node:module';
const Database = createRequire(process.env.SAMPLE_REQUIRE ?? import.meta.url)('better-sqlite3');

const db = new Database('data/docsfy.db');
db.exec("UPDATE projects SET owner = 'mira' WHERE owner = 'tomas'");
db.exec("UPDATE projects SET status = 'error', error_message = 'owner merged' WHERE name = 'billing-api'");
db.exec("DELETE FROM projects WHERE ai_provider = 'claude' AND branch = 'next'");
const { changes } = db.prepare('DELETE FROM users').run();
db.close();
const visits = new Database('storage/visits.db', { timeout: 5000 });
visits.exec('ALTER TABLE visits DROP COLUMN referrer');
visits.close();
console.log(\`0007-merge-owners: done, \${changes} users merged\`);
`;

function allVariants(): readonly Variant[] {
  return names.flatMap(([name, owner], index) =>
    ['main', 'next'].flatMap((branch) =>
      models.map(([provider, model]) => ({
        name,
        branch,
        provider,
        model,
        owner,
        status: index === 6 && branch === 'next' ? ('error' as const) : ('ready' as const),
      })),
    ),
  );
}

async function writeVariant(dataDir: string, variant: Variant, seed: number): Promise<void> {
  const { owner, name, branch, provider, model, status } = variant;
  const home = join(dataDir, 'projects', owner || '_default', name, branch, provider, model);
  const words = wordsFrom(seed);
  await write(join(home, 'plan.json'), plan(variant));
  for (const [slug, title] of pages) {
    const text = `# ${title}\n\n${paragraphs(words, 6)}`;
    await write(join(home, 'cache', 'pages', `${slug}.md`), text);
    if (status !== 'ready') continue;
    await write(join(home, 'site', `${slug}.md`), text);
    await write(join(home, 'site', `${slug}.html`), html(name, title, text));
  }
  if (status !== 'ready') return;
  const index = pages.map(([slug, title]) => ({ slug, title }));
  await write(join(home, 'site', 'index.html'), html(name, name, paragraphs(words, 3)));
  await write(join(home, 'site', '.nojekyll'), '');
  await write(join(home, 'site', 'search-index.json'), JSON.stringify(index));
  await write(join(home, 'site', 'llms.txt'), `# ${name}\n`);
  await write(join(home, 'site', 'llms-full.txt'), `# ${name}\n\n${paragraphs(words, 20)}`);
  await write(join(home, 'site', 'assets', 'style.css'), 'body { font: 16px/1.6 sans-serif }\n');
}

function plan({ name }: Variant): string {
  const navigation = [{ group: 'Guide', pages: pages.map(([slug, title]) => ({ slug, title })) }];
  return JSON.stringify({ project_name: name, navigation }, undefined, 2);
}

async function writeDocsfy(path: string, variants: readonly Variant[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const db = new Database(path);
  db.exec(docsfySchema);
  const user = db.prepare('INSERT INTO users VALUES (?, ?, ?, ?, ?)');
  for (const [index, name] of users.entries()) {
    user.run(index + 1, name, sha256(`key of ${name}`), 'user', day(index));
  }
  for (const [index, variant] of variants.entries()) {
    insertInto(db, 'projects', projectRow(variant, index));
  }
  const session = db.prepare('INSERT INTO sessions VALUES (?, ?, 0, ?, ?)');
  for (let index = 0; index < 40; index += 1) {
    const times = [day(index), day(index + 1)];
    session.run(sha256(`session ${index}`), users[index % users.length], ...times);
  }
  db.close();
}

function projectRow(variant: Variant, index: number): Record<string, string | number | null> {
  const { name, branch, provider, model, owner, status } = variant;
  return {
    name,
    branch,
    ai_provider: provider,
    ai_model: model,
    owner,
    generation_id: sha256(`generation ${index}`).slice(0, 32),
    repo_url: `https://git.example.com/acme/${name}.git`,
    status,
    last_commit_sha: sha256(name + branch).slice(0, 40),
    last_generated: day(index),
    page_count: status === 'ready' ? pages.length : 0,
    error_message: status === 'ready' ? null : 'the model gave no plan',
    plan_json: JSON.stringify(JSON.parse(plan(variant))),
    repo_type: 'python',
    total_cost_usd: 0.42,
    created_at: day(index),
    updated_at: day(index + 20),
  };
}

function insertInto(db: Database.Database, table: string, row: object): void {
  const columns = Object.keys(row);
  const values = columns.map((column) => `@${column}`);
  db.prepare(`INSERT INTO ${table} (${columns.join(', ')}) VALUES (${values.join(', ')})`).run(row);
}

const docsfySchema = `
  CREATE TABLE projects (
    name TEXT NOT NULL, branch TEXT NOT NULL DEFAULT 'main', ai_provider TEXT NOT NULL DEFAULT '',
    ai_model TEXT NOT NULL DEFAULT '', owner TEXT NOT NULL DEFAULT '', generation_id TEXT,
    repo_url TEXT NOT NULL, status TEXT NOT NULL DEFAULT 'generating', current_stage TEXT,
    last_commit_sha TEXT, last_generated TEXT, page_count INTEGER DEFAULT 0, error_message TEXT,
    plan_json TEXT, repo_type TEXT, total_cost_usd REAL, created_at TEXT, updated_at TEXT,
    PRIMARY KEY (name, branch, ai_provider, ai_model, owner));
  CREATE UNIQUE INDEX idx_projects_generation_id ON projects (generation_id);
  CREATE TABLE users (
    id INTEGER PRIMARY KEY, username TEXT NOT NULL UNIQUE, api_key_hash TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL, created_at TEXT);
  CREATE TABLE project_access (
    project_name TEXT, project_owner TEXT, username TEXT,
    PRIMARY KEY (project_name, project_owner, username));
  CREATE TABLE sessions (
    token TEXT PRIMARY KEY, username TEXT NOT NULL, is_admin INTEGER NOT NULL, created_at TEXT,
    expires_at TEXT);
`;

/** The writer (sample-writer.ts) keeps \`visits\` and the counter in step in one transaction. */
async function writeVisits(path: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const db = new Database(path);
  db.pragma('journal_mode = wal');
  db.exec(`
    CREATE TABLE visits (
      id INTEGER PRIMARY KEY, page TEXT NOT NULL, at TEXT NOT NULL, referrer TEXT);
    CREATE TABLE counter (id INTEGER PRIMARY KEY CHECK (id = 1), total INTEGER NOT NULL);
    INSERT INTO counter VALUES (1, 0);
  `);
  const insert = db.prepare('INSERT INTO visits (page, at, referrer) VALUES (?, ?, ?)');
  db.transaction(() => {
    for (let index = 0; index < 20_000; index += 1) {
      const referrer = index % 3 === 0 ? null : 'https://intranet.example.com/';
      insert.run(pages[index % pages.length]?.[0], day(index / 800), referrer);
    }
    db.exec('UPDATE counter SET total = (SELECT count(*) FROM visits)');
  })();
  db.close();
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

function day(offset: number): string {
  return new Date(firstDay + offset * 86_400_000).toISOString();
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

const vocabulary =
  'the service reads every request once and keeps its state in one table so that a retry finds what the first attempt wrote a queue hands each job to one worker which answers before the lease ends and the client sees either the old value or the new one'.split(
    ' ',
  );

function* wordsFrom(seed: number): Generator<string, never> {
  let state = seed * 2_654_435_761 + 1;
  for (;;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield vocabulary[(state >>> 8) % vocabulary.length] ?? '';
  }
}

function paragraphs(words: Generator<string, never>, count: number): string {
  const sentence = (): string => {
    const text = Array.from({ length: 40 }, () => words.next().value).join(' ');
    return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;
  };
  return `${Array.from({ length: count }, sentence).join('\n\n')}\n`;
}

function html(project: string, title: string, text: string): string {
  return `<!doctype html>\n<html lang="en">\n<title>${title} - ${project}</title>\n<link rel="stylesheet" href="assets/style.css">\n<main>${text.replaceAll('\n\n', '<p>')}</main>\n</html>\n`;
}
