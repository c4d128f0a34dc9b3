// The words of a command against the tables of rules/.

import { databasesOf } from './database-urls.ts';
import { matchesSegment } from './glob-match.ts';
import { hasOption, splitArguments, type Arguments } from './options.ts';
import { toolRules } from './rules/all-rules.ts';
import type { ToolRule } from '../layouts/tool-rule.ts';
import {
  destructive,
  harmless,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';

const rulesOfProgram = new Map<string, ToolRule[]>();
for (const rule of toolRules) {
  for (const program of rule.programs)
    rulesOfProgram.set(program, [...(rulesOfProgram.get(program) ?? []), rule]);
}

/** Undefined where no rule knows these words. */
export function matchTool(command: PlainCommand, place: CommandPlace): Verdict | undefined {
  const rules = (rulesOfProgram.get(command.program) ?? []).filter(
    ({ layout }) => layout === undefined || place.facts.layouts.includes(layout),
  );
  const args = command.words.slice(1);
  if (rules.length > 0 && asksOnly(args)) return harmless;
  const strict = rules.map((rule) => ({ rule, readings: readingsOf(args, rule) }));
  for (const { rule, readings } of strict) {
    if (rule.harmless?.some((pattern) => fits(pattern, readings[0])) === true) return harmless;
  }
  for (const { rule, readings } of strict) {
    for (const pattern of rule.destructive)
      if (readings.some((reading) => fits(pattern, reading)))
        return destructive(command, shownRule(rule, pattern), {
          databases: rule.isOfServers === false ? null : databasesOf(command, place),
        });
  }
  return undefined;
}

/** True where a rule may fit what begins with these two words. */
export function mayDestroy(program: string, word: string): boolean {
  return (rulesOfProgram.get(program) ?? []).some(({ destructive }) =>
    destructive.some((pattern) => {
      const [first = ''] = pattern.split(' ');
      return first === '...' || first.startsWith('-') || fits(first, splitArguments([word]));
    }),
  );
}

/** Help, a version, or a run without effect. */
export function asksOnly(args: readonly string[]): boolean {
  const { positional } = splitArguments(args);
  return (
    args.includes('--help') ||
    args.includes('--dry-run') ||
    args.includes('--dryrun') ||
    args.at(-1) === '-h' ||
    positional[0] === 'help' ||
    (args.length === 1 && /^(--version|-V|-v)$/.test(args[0] ?? ''))
  );
}

/**
 * The arguments as the rule's options say, then as they are where an option that it does not know
 * took the next word as its value.
 */
function readingsOf(
  args: readonly string[],
  { valueOptions = [] }: ToolRule,
): readonly [Arguments, ...Arguments[]] {
  const strict = splitArguments(args, valueOptions);
  const others = args.filter((word, index) => isPlainOption(word) && index < args.length - 1);
  const loose = others.map((option) => splitArguments(args, [...valueOptions, option]));
  return [strict, ...loose];
}

function isPlainOption(word: string): boolean {
  return word.startsWith('-') && !word.includes('=') && word !== '--' && word !== '-';
}

/** True where the words fit a pattern of a rule. */
export function fits(pattern: string, args: Arguments): boolean {
  const tokens = pattern.split(' ').filter((token) => token !== '');
  const options = tokens.filter((token) => token.startsWith('-'));
  const words = tokens.filter((token) => !token.startsWith('-'));
  return (
    options.every((token) => hasOption(args, ...token.split('|'))) &&
    fitsWords(words, args.positional)
  );
}

function fitsWords(tokens: readonly string[], words: readonly string[]): boolean {
  const [token, ...rest] = tokens;
  if (token === undefined) return true;
  if (token === '...') return words.some((_word, index) => fitsWords(rest, words.slice(index)));
  const [word, ...others] = words;
  if (word === undefined) return false;
  // `mix do ecto.drop, ecto.create` separates by commas.
  const plain = word.replace(/,$/, '');
  return token.split('|').some((one) => matchesSegment(one, plain)) && fitsWords(rest, others);
}

function shownRule({ programs, tool }: ToolRule, pattern: string): string {
  return `${programs[0] ?? tool} ${pattern}`.trim();
}
