// Goes through a line as a shell would, without running anything: what each command does is judged, and
// what it changes for those that follow is kept. Of branches that may run or not both are followed.

import { harmless, mayReach, worst, type Verdict } from '../verdict.ts';
import { runBuiltin } from './builtins.ts';
import { outputOf } from './command-output.ts';
import { evaluateWord, textsOf, wordsOf, type Evaluator } from './evaluate-word.ts';
import { joined, streamOf, withFile, withVariable, type Scope } from './scope.ts';
import { maxDepth, placeIn, tooDeep, type Shell } from './shell.ts';
import type { ShellCommand, ShellStep } from './shell-step.ts';
import { overwriting, streamsOf, withFiles, withWritten } from './streams.ts';
import { lazily, oneOf, splitWords, unknownText } from './texts.ts';

export interface Outcome {
  readonly verdict: Verdict;
  /** Whatever became of it. */
  readonly scope: Scope;
  /** Where it succeeded. */
  readonly succeeded: Scope;
  /** True where nothing runs behind it. */
  readonly ends: boolean;
  /** What it prints, with holes; asked for only by who reads it. */
  readonly output: () => string;
}

const silence = (): string => '';

export function runSteps(steps: readonly ShellStep[], scope: Scope, shell: Shell): Outcome {
  const done: Outcome[] = [];
  let now = scope;
  for (const step of steps) {
    const outcome = runStep(step, now, shell);
    done.push(outcome);
    now = outcome.scope;
    if (outcome.ends) break;
  }
  return {
    verdict: worst(done.map(({ verdict }) => verdict)),
    scope: now,
    succeeded: done.at(-1)?.succeeded ?? now,
    ends: done.at(-1)?.ends ?? false,
    output: lazily(() => done.map(({ output }) => output()).join('')),
  };
}

function runStep(step: ShellStep, scope: Scope, shell: Shell): Outcome {
  switch (step.kind) {
    case 'command':
      return runCommand(step, scope, shell);
    case 'pipe':
      return runPipe(step.parts, scope, shell);
    case 'scope':
      return apart(runSteps(step.steps, scope, shell), scope);
    case 'and':
    case 'or':
      return runBoth(step, scope, shell);
    case 'choice':
      return runChoice(step.branches, scope, shell);
    case 'loop':
      return runLoop(step, scope, shell);
    case 'function': {
      const functions = new Map(scope.functions).set(step.name, step.steps);
      return plain(harmless, { ...scope, functions });
    }
    case 'redirected':
      return runRedirected(step, scope, shell);
    case 'unread':
      return plain(mayReach({ words: ['…'] }, step.why), scope);
  }
}

function plain(verdict: Verdict, scope: Scope): Outcome {
  return { verdict, scope, succeeded: scope, ends: false, output: silence };
}

/** Of a shell of its own only the files that it wrote are left. */
function apart({ verdict, scope, output }: Outcome, before: Scope): Outcome {
  return { ...plain(verdict, { ...before, files: scope.files }), output };
}

function runPipe(parts: readonly (readonly ShellStep[])[], scope: Scope, shell: Shell): Outcome {
  const verdicts: Verdict[] = [];
  let { stdin, files } = scope;
  let output = silence;
  for (const steps of parts) {
    const outcome = runSteps(steps, { ...scope, stdin, files }, shell);
    verdicts.push(outcome.verdict);
    ({ files } = outcome.scope);
    ({ output } = outcome);
    stdin = streamOf(outcome.output);
  }
  return { ...plain(worst(verdicts), { ...scope, files }), output };
}

function runBoth(
  { kind, left, right }: Extract<ShellStep, { readonly kind: 'and' | 'or' }>,
  scope: Scope,
  shell: Shell,
): Outcome {
  const first = runSteps(left, scope, shell);
  if (first.ends) return first;
  const second = runSteps(right, kind === 'and' ? first.succeeded : first.scope, shell);
  const without = kind === 'and' ? first.scope : first.succeeded;
  return {
    verdict: worst([first.verdict, second.verdict]),
    scope: second.ends ? without : joined(without, second.scope),
    succeeded:
      kind === 'and'
        ? second.succeeded
        : second.ends
          ? first.succeeded
          : joined(first.succeeded, second.succeeded),
    ends: false,
    output: lazily(() => oneOf([first.output(), second.output()])),
  };
}

function runChoice(
  branches: readonly (readonly ShellStep[])[],
  scope: Scope,
  shell: Shell,
): Outcome {
  const outcomes = branches.map((steps) => runSteps(steps, scope, shell));
  const after = outcomes
    .filter(({ ends }) => !ends)
    .reduce((all, outcome) => joined(all, outcome.scope), scope);
  return {
    ...plain(worst(outcomes.map(({ verdict }) => verdict)), after),
    output: lazily(() => oneOf(outcomes.map(({ output }) => output()))),
  };
}

function runLoop(
  { name, words, steps }: Extract<ShellStep, { readonly kind: 'loop' }>,
  scope: Scope,
  shell: Shell,
): Outcome {
  const evaluator = createEvaluator(shell);
  const values = words.flatMap((word) => wordsOf(word, scope, evaluator));
  const variable = { texts: values, isExported: false };
  const first = name === null ? scope : withVariable(scope, name, variable);
  const once = runSteps(steps, first, shell);
  // What one turn changes the next one meets.
  const isSame = once.scope.variables === first.variables && once.scope.cwd === first.cwd;
  const again = isSame ? once : runSteps(steps, joined(first, once.scope), shell);
  const found = withFiles(joined(first, again.scope), evaluator);
  const verdict = worst([...evaluator.verdicts, once.verdict, again.verdict]);
  return { ...plain(verdict, found), output: again.output };
}

function runRedirected(
  { steps, redirections, input }: Extract<ShellStep, { readonly kind: 'redirected' }>,
  scope: Scope,
  shell: Shell,
): Outcome {
  const evaluator = createEvaluator(shell);
  const streams = streamsOf({ redirections, input }, scope, evaluator, shell);
  const inside = withFiles({ ...scope, stdin: streams.stdin }, evaluator);
  const outcome = runSteps(steps, inside, shell);
  const targets = streams.targets.map(({ operator, path }) => `${operator} ${path}`);
  const verdict = worst([
    ...evaluator.verdicts,
    overwriting(streams, targets, scope, shell),
    outcome.verdict,
  ]);
  const after = withWritten(
    { ...outcome.scope, stdin: scope.stdin },
    streams,
    outcome.output,
    shell,
  );
  return {
    ...outcome,
    verdict,
    scope: after,
    succeeded: after,
    output: streams.isSilent ? silence : outcome.output,
  };
}

function runCommand(step: ShellCommand, scope: Scope, shell: Shell): Outcome {
  shell.reader.spend();
  const evaluator = createEvaluator(shell);
  const [programWord, ...argWords] = step.words;
  const programs =
    programWord === undefined ? [] : evaluateWord(programWord, scope, evaluator).map(commandWords);
  const args = argWords.flatMap((word) => wordsOf(word, scope, evaluator)).slice(0, maxWords);
  const streams = streamsOf(step, scope, evaluator, shell);
  const assigned = assignedIn(step, scope, evaluator, programs.length > 0);
  const inside = withFiles({ ...assigned, stdin: streams.stdin }, evaluator);
  const given = (programs.length === 0 ? [[]] : programs).map((words) =>
    [...words, ...args].filter((word, index) => index > 0 || word !== ''),
  );
  const outcomes = given.map((words) => runWords(words, inside, shell));
  const verdict = worst([
    ...evaluator.verdicts,
    overwriting(streams, given[0] ?? [], scope, shell),
    ...outcomes.map((outcome) => outcome.verdict),
  ]);
  const output = lazily(() => outcomes.map((outcome) => outcome.output()).join(''));
  // What stood before the program was for it alone.
  const restore = (after: Scope): Scope => ({
    ...after,
    stdin: scope.stdin,
    variables:
      after.variables === inside.variables && programs.length > 0
        ? scope.variables
        : after.variables,
  });
  const after = (pick: (outcome: Outcome) => Scope): Scope =>
    withWritten(outcomes.map((one) => restore(pick(one))).reduce(joined), streams, output, shell);
  return {
    verdict,
    scope: after((one) => one.scope),
    succeeded: after((one) => one.succeeded),
    ends: outcomes.every(({ ends }) => ends),
    output: streams.isSilent ? silence : output,
  };
}

/** More words nobody types; the rest may be what it will. */
const maxWords = 5000;

/** `$RESET` may hold a whole command. */
function commandWords(words: readonly string[]): readonly string[] {
  const [program = '', ...more] = words;
  return /\s/.test(program) ? [...splitWords(program), ...more] : words;
}

function runWords(words: readonly string[], scope: Scope, shell: Shell): Outcome {
  const [program = ''] = words;
  if (words.length === 0) return plain(harmless, scope);
  const steps = scope.functions.get(program);
  if (steps !== undefined) return runFunction(steps, words, scope, shell);
  const builtin = runBuiltin(words, scope, shell, (text, args) =>
    runHere(text, { ...scope, args: args ?? scope.args }, shell),
  );
  if (builtin !== undefined) return { ...plain(harmless, builtin.scope), ...builtin };
  const places = scope.cwd.map((cwd) => placeIn(cwd, scope, shell));
  const command = { words, stdin: scope.stdin };
  const verdict = worst(places.map((place) => shell.reader.readWords(command, place)));
  const changed = verdict.outside
    .filter(({ takes }) => /^(all|file|moved)$/.test(takes))
    .slice(0, maxChanged)
    .reduce((all, { path }) => withFile(all, path, () => unknownText), scope);
  const output = (): string => oneOf(places.map((place) => outputOf(command, place)));
  return { ...plain(verdict, changed), ends: program === 'exec' && words.length > 1, output };
}

/** Of more files nobody runs what is in them. */
const maxChanged = 20;

/** In itself its name is that of a program: nothing is followed in a circle. */
function runFunction(
  steps: readonly ShellStep[],
  [program = '', ...rest]: readonly string[],
  scope: Scope,
  shell: Shell,
): Outcome {
  const functions = new Map(scope.functions);
  functions.delete(program);
  const inside = { ...scope, functions, args: { ...scope.args, rest, isShifted: false } };
  const outcome = runSteps(steps, inside, { ...shell, depth: shell.depth + 1 });
  const after = {
    ...outcome.scope,
    args: scope.args,
    functions: new Map([...scope.functions, ...outcome.scope.functions]),
  };
  return { ...outcome, scope: after, succeeded: after, ends: false };
}

/** A text that this shell itself runs: of `eval`, `source` and `trap`. */
function runHere(text: string, scope: Scope, shell: Shell): Outcome {
  if (shell.depth > maxDepth) return plain(tooDeep, scope);
  return runSteps(shell.reader.parse(text), scope, { ...shell, depth: shell.depth + 1 });
}

function createEvaluator(shell: Shell): Evaluator {
  return {
    facts: shell.facts,
    run: (steps, scope) => runSteps(steps, scope, shell),
    verdicts: [],
    files: new Map(),
  };
}

function assignedIn(
  { assignments }: ShellCommand,
  scope: Scope,
  evaluator: Evaluator,
  isForProgram: boolean,
): Scope {
  return assignments.reduce<Scope>((now, { name, values, isAdded }) => {
    const texts = values.flatMap((value) => textsOf(value, now, evaluator));
    const before = isAdded ? (now.variables.get(name)?.texts ?? [unknownText]) : [];
    const isExported = isForProgram || now.variables.get(name)?.isExported === true;
    // `x+=y` adds to a text, or an element to a list.
    const longer = before.flatMap((one) => texts.map((text) => one + text));
    return withVariable(now, name, { texts: [...before, ...texts, ...longer], isExported });
  }, scope);
}
