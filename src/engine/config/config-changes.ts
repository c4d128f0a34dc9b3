// What a check leads to in savepoint.json: rules that were found and are agreed to, mismatches that are
// expected. Which data directories there are is left as it is: where the file has no list of them,
// rules stand at its top, because a list that is there is the whole list.

import type { ConfigEdit } from '../../core/documents/documents.ts';
import { referenceOfRule } from '../../core/check/reference-of-rule.ts';
import type { Rule } from '../../core/check/rule.ts';
import { EngineError } from '../../core/errors.ts';
import { configuredPath, openForEdit, type ConfigEditor } from './config-editor.ts';
import type { FoundDataDirs } from '../detect/found.ts';
import type { ConfigChange } from '../../core/documents/options.ts';

/**
 * The file with the rules in it: with those of their data directory where it has a list of its own,
 * else at the top.
 * @throws EngineError CONFIG_INVALID, USAGE
 */
export function acceptedRules(
  projectDir: string,
  rules: readonly Rule[],
  found: FoundDataDirs,
): ConfigEdit {
  const config = openForEdit(projectDir);
  let first: (string | number)[] | undefined;
  for (const rule of rules) {
    const reference = referenceOfRule(rule);
    if (reference === undefined || rule.target.kind !== 'path') {
      throw new EngineError('USAGE', `"${rule.id}" is no rule about paths`);
    }
    const { base } = rule.target;
    const list = listFor(config, found, base, 'references');
    const isAtTop = list.length === 1;
    const names = isAtTop && base !== '' && base !== '.' ? { dataDir: base } : {};
    config.insert([...list, -1], { ...names, ...reference });
    first ??= [...list, config.lengthOf(list) - 1];
  }
  return { file: config.file, text: config.text(), line: config.lineOf(first ?? []) };
}

/**
 * The file with an expected mismatch in it.
 * @throws EngineError CONFIG_INVALID, USAGE no such data directory, neither path nor rule
 */
export function expectedMismatch(
  projectDir: string,
  { dataDir, path, rule, why }: Extract<ConfigChange, { kind: 'ignore' }>,
  found: FoundDataDirs,
): ConfigEdit {
  if (path === undefined && rule === undefined) {
    throw new EngineError('USAGE', 'nothing to ignore: give a path or a rule');
  }
  const dir = found.dataDirs.find((one) => one.name === dataDir || one.path === dataDir);
  if (dir === undefined && dataDir !== '') {
    throw new EngineError('USAGE', `no data directory "${dataDir}"`, {
      path: dataDir,
      hint: 'see savepoint detect',
    });
  }
  const config = openForEdit(projectDir);
  const base = dir === undefined || dir.path === '.' ? '' : dir.path;
  const list = listFor(config, found, base, 'ignore');
  const entry = {
    ...(list.length === 1 && base !== '' ? { dataDir: base } : {}),
    ...(path === undefined ? {} : { path }),
    ...(rule === undefined ? {} : { rule }),
    ...(why === undefined || why === '' ? {} : { why }),
  };
  config.insert([...list, -1], entry);
  const line = config.lineOf([...list, -1]);
  return { file: config.file, text: config.text(), line };
}

/** The list that an entry about the data directory goes to: its own, or one at the top of the file. */
function listFor(
  config: ConfigEditor,
  found: FoundDataDirs,
  base: string,
  key: 'references' | 'ignore',
): (string | number)[] {
  const dir = found.dataDirs.find(({ path }) => path === base);
  const absolute = dir?.absolutePath ?? configuredPath(config.projectDir, base);
  const entry = config.entries().find((one) => one.absolute === absolute);
  if (entry === undefined || base === '') return [key];
  const own = ['dataDirs', entry.index, key];
  // References of its own take the place of the layout's.
  const hasLayoutRules = (dir?.layoutReferences.length ?? 0) > 0;
  if (key === 'references' && !config.isList(own) && hasLayoutRules) return [key];
  return own;
}
