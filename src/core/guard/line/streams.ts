// Where a command reads from and prints to.

import { judged } from '../claims.ts';
import { harmless, placedPath, worst, type Verdict } from '../verdict.ts';
import { textsOf, wordsOf, type Evaluator } from './evaluate-word.ts';
import { textAt } from './files.ts';
import { streamOf, unknownStream, withFile, type Scope, type Stream } from './scope.ts';
import { placeIn, type Shell } from './shell.ts';
import type { Redirection, ShellWord } from './shell-step.ts';
import { isUnknown, oneOf } from './texts.ts';

export interface Streams {
  readonly stdin: Stream;
  readonly targets: readonly { readonly operator: string; readonly path: string }[];
  /** Files that get what it prints. */
  readonly printed: readonly { readonly path: string; readonly isAdded: boolean }[];
  /** True where what it prints goes elsewhere. */
  readonly isSilent: boolean;
}

export function streamsOf(
  {
    redirections,
    input,
  }: { readonly redirections: readonly Redirection[]; readonly input: ShellWord | null },
  scope: Scope,
  evaluator: Evaluator,
  shell: Shell,
): Streams {
  const all = redirections.flatMap(({ operator, descriptor, target }) =>
    wordsOf(target, scope, evaluator).map((path) => ({ operator, descriptor, path })),
  );
  const sources = all.filter(({ operator }) => operator === '<' || operator === '<&');
  const outputs = all.filter(
    ({ operator, path }) =>
      /^(&?>>?|>\||<>)$/.test(operator) || (operator === '>&' && !/^(\d+|-)$/.test(path)),
  );
  const printing = all.filter(
    ({ operator, descriptor }) => operator.includes('>') && (descriptor ?? 1) === 1,
  );
  return {
    stdin: inputOf(sources, input, scope, evaluator, shell),
    targets: outputs,
    printed: outputs
      .filter((one) => printing.includes(one))
      .map(({ operator, path }) => ({ path, isAdded: operator.endsWith('>>') })),
    isSilent: printing.length > 0,
  };
}

function inputOf(
  sources: readonly { readonly operator: string; readonly path: string }[],
  input: ShellWord | null,
  scope: Scope,
  evaluator: Evaluator,
  shell: Shell,
): Stream {
  if (input !== null) {
    const texts = textsOf(input, scope, evaluator);
    return streamOf(() => oneOf(texts));
  }
  const [source] = sources;
  if (source === undefined) return scope.stdin;
  if (source.operator === '<&' || sources.length > 1) return unknownStream;
  const inside = withFiles(scope, evaluator);
  return streamOf(() => readAt(source.path, inside, shell));
}

function readAt(path: string, scope: Scope, shell: Shell): string {
  return oneOf(scope.cwd.map((cwd) => textAt(path, placeIn(cwd, scope, shell))));
}

/** `> data/app.db`: what is there is gone before the program starts. */
export function overwriting(
  { targets }: Streams,
  words: readonly string[],
  scope: Scope,
  shell: Shell,
): Verdict {
  if (targets.length === 0) return harmless;
  const shown =
    words.length > 0 ? words : targets.map(({ operator, path }) => `${operator} ${path}`);
  const command = { program: '', words: shown, stdin: scope.stdin };
  const all = targets.map(({ operator, path }) => ({
    path,
    takes: operator.endsWith('>>') ? ('append' as const) : ('overwrite' as const),
  }));
  return worst(
    scope.cwd.map((cwd) =>
      judged(command, 'a redirection over data', all, placeIn(cwd, scope, shell)),
    ),
  );
}

/** With what a command printed in the files that it was led to. */
export function withWritten(
  scope: Scope,
  { printed }: Streams,
  output: () => string,
  shell: Shell,
): Scope {
  return printed.reduce((now, { path, isAdded }) => {
    return now.cwd.reduce((all, cwd) => {
      const place = placeIn(cwd, now, shell);
      const at = placedPath(path, place);
      if (isUnknown(at)) return all;
      const before = isAdded ? () => textAt(path, place) : () => '';
      return withFile(all, at, () => before() + output());
    }, now);
  }, scope);
}

/** With the files that stand for what its words run. */
export function withFiles(scope: Scope, { files }: Evaluator): Scope {
  return [...files].reduce((all, [path, text]) => withFile(all, path, text), scope);
}
