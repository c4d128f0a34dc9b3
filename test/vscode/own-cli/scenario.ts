import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliFile } from '../../support/cli.ts';
import { docsfyWorkspace } from '../../support/docsfy-workspace.ts';
import { writeTree } from '../../support/tree.ts';
import type { Scenario } from '../../support/vscode-scenario.ts';

const place = mkdtempSync(join(tmpdir(), 'savepoint-own-cli-'));
const program = join(place, 'savepoint');
process.once('exit', () => rmSync(place, { recursive: true, force: true }));

/** The setting names another command line, as one that npm installed. */
export const scenario: Scenario = {
  settings: { 'savepoint.path': program },
  async prepare({ dir }) {
    writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${cliFile()}" "$@"\n`);
    chmodSync(program, 0o755);
    await writeTree(dir, docsfyWorkspace());
    return dir;
  },
};
