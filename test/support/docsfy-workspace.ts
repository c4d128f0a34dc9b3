// A small project with a docsfy DATA_DIR, for scenarios: one database with four tables, generated
// sites, an .env and a compose file. Made outside of VS Code.

import { database } from './sqlite.ts';
import { type Tree } from './tree.ts';

const schema = `
  CREATE TABLE projects (
    name TEXT, branch TEXT, ai_provider TEXT, ai_model TEXT, owner TEXT, status TEXT, page_count INTEGER,
    PRIMARY KEY (name, branch, ai_provider, ai_model, owner));
  CREATE TABLE users (id INTEGER PRIMARY KEY, username TEXT UNIQUE);
  CREATE TABLE project_access (project_name TEXT, username TEXT, PRIMARY KEY (project_name, username));
  CREATE TABLE sessions (token TEXT PRIMARY KEY);
  INSERT INTO projects VALUES
    ('alpha', 'main', 'gemini', 'pro', '', 'ready', 2),
    ('beta', 'main', 'gemini', 'pro', '', 'ready', 2),
    ('gamma', 'main', 'gemini', 'pro', '', 'ready', 2);
  INSERT INTO users VALUES (1, 'mira'), (2, 'tomas');
  INSERT INTO sessions VALUES ('x');
`;

export function docsfyWorkspace(): Tree {
  const site = { 'site/index.html': '<h1>Hello</h1>', 'plan.json': '{"pages": 2}' };
  const projects = ['alpha', 'beta', 'gamma'].flatMap((name) =>
    Object.entries(site).map(([file, text]) => [
      `data/projects/_default/${name}/main/gemini/pro/${file}`,
      text,
    ]),
  );
  return {
    '.env': 'DATA_DIR=/data\n',
    'docker-compose.yaml': 'services:\n  app:\n    volumes:\n      - ./data:/data\n',
    'README.md': '# A project\n',
    'data/docsfy.db': database(schema),
    'data/tmp/upload': 'half',
    ...Object.fromEntries(projects),
  };
}
