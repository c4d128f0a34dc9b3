import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { database } from '../../support/sqlite.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

const notes = `
  CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT);
  CREATE TABLE notes (id INTEGER PRIMARY KEY, author INTEGER NOT NULL REFERENCES authors, body TEXT);
  INSERT INTO authors VALUES (1, 'mira'), (2, 'tomas');
  INSERT INTO notes VALUES (1, 1, 'one'), (2, 1, 'two'), (3, 2, 'three');
`;

/** One folder with data, for the third view; one of its databases has rows that refer to rows. */
export const scenario: Scenario = {
  async prepare({ dir }) {
    await writeTree(dir, { ...docsfyWorkspace(), 'data/notes.db': database(notes) });
    return dir;
  },
};
