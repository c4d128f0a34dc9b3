// A command line as it may be kept: what looks like a secret is `***`. Rather too much than too little.
//
// The line is cut into words (split-words), which show a secret by the name in front of them, by their
// program (secret-arguments), by what stands around it (secret-texts), or by themselves (secret-shapes).
// A value goes on to the end of its word, whatever quotes are in it.

import { namesSecret } from '../../secret-names.ts';
import { hideKeyBlocks, hideShapes } from './secret-shapes.ts';
import { hideHeader, hideInText } from './secret-texts.ts';
import { isEcho, secretArguments, takesSecret } from './secret-arguments.ts';
import { insideQuotes, splitWords, type LinePiece } from './split-words.ts';

const hidden = '***';

export interface RedactionFacts {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of savepoint.json's `secrets`. */
  readonly secrets: readonly string[];
}

/** One line, at most 2,000 characters. Takes time in proportion to the command's length, whatever is in it. */
export function redactCommand(command: string, { env, secrets }: RedactionFacts): string {
  const values = Object.entries(env)
    .filter(([name]) => namesSecret(name) || secrets.includes(name))
    .map(([, value]) => value ?? '')
    .filter((value) => value.length >= shortestSecret)
    .toSorted((a, b) => b.length - a.length);
  const known = values.reduce((text, value) => text.replaceAll(value, hidden), command);
  const readable = hideKeyBlocks(known, hidden).replaceAll(longWord, hidden);
  const line = onOneLine(redactText(readable.slice(0, maxRead), { secrets, depth: 0 }));
  const isCut = line.length > maxLength || readable.length > maxRead;
  return isCut ? `${line.slice(0, maxLength - 1).trimEnd()}…` : line;
}

function onOneLine(text: string): string {
  return text
    .split(/[\r\n]/)
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('; ');
}

/** Shorter ones are ordinary words too. */
const shortestSecret = 5;
const maxLength = 2000;

/** What stands behind it is never shown, however much of what is before is hidden. */
const maxRead = 32 * 1024;

/** Nobody reads it, and it may be anything: a picture, a key. */
const longWord = /(?<!\S)\S{1000,}/g;

/** Commands in quotes in commands in quotes. */
const maxDepth = 4;

function redactText(text: string, around: Surroundings): string {
  const pieces = [...splitWords(hideInText(text, hidden))];
  const commands = commandsOf(pieces);
  for (const [index, command] of commands.entries()) {
    const reader = command.isPiped ? commands[index + 1] : undefined;
    if (reader !== undefined && isEcho(command.words) && takesSecret(reader.words)) {
      for (const place of command.places.slice(1)) pieces[place] = { kind: 'word', text: hidden };
    } else redactWords(pieces, command, around);
  }
  return pieces.map((piece) => piece.text).join('');
}

interface Command {
  /** Places of its words among the pieces. */
  readonly places: readonly number[];
  /** Without quotes. */
  readonly words: readonly string[];
  readonly isPiped: boolean;
}

function commandsOf(pieces: readonly LinePiece[]): readonly Command[] {
  const commands: Command[] = [];
  let places: number[] = [];
  const end = (isPiped: boolean): void => {
    if (places.length > 0) commands.push(toCommand(pieces, places, isPiped));
    places = [];
  };
  for (const [place, { kind }] of pieces.entries()) {
    if (kind === 'word') places.push(place);
    else if (kind !== 'space') end(kind === 'pipe');
  }
  end(false);
  return commands;
}

function toCommand(
  pieces: readonly LinePiece[],
  places: readonly number[],
  isPiped: boolean,
): Command {
  return { places, words: places.map((place) => unquoted(pieces[place]?.text ?? '')), isPiped };
}

function unquoted(word: string): string {
  return word.replaceAll(/\\(.)|["'`]/gs, '$1');
}

interface Surroundings {
  /** Names of savepoint.json's `secrets`. */
  readonly secrets: readonly string[];
  readonly depth: number;
}

/** Changes its pieces. */
function redactWords(pieces: LinePiece[], { places, words }: Command, around: Surroundings): void {
  const keeps = new Map(secretArguments(words).map(({ index, keeps: length }) => [index, length]));
  let isValue = false;
  for (const [index, place] of places.entries()) {
    const text = pieces[place]?.text ?? '';
    const kept: number | undefined =
      keeps.get(index) ?? (isValue && !isOption(text) ? 0 : undefined);
    const isEqual = text === '=' && isSecretName(words[index - 1] ?? '', around.secrets);
    isValue = kept === undefined && (isEqual || namesNext(text, around.secrets));
    pieces[place] = {
      kind: 'word',
      text: kept === undefined ? redactWord(text, around) : startOf(text, kept) + hidden,
    };
  }
}

function isOption(word: string): boolean {
  return /^--?[A-Za-z]/.test(word);
}

/** As much of a word as `length` characters of it without quotes. */
function startOf(word: string, length: number): string {
  const start = word.slice(0, length);
  return /["'`\\]/.test(start) ? unquoted(word).slice(0, length) : start;
}

/** True for `--token` and `password:`, where the next word is the secret. */
function namesNext(word: string, secrets: readonly string[]): boolean {
  const name = /^(?:--?([A-Za-z][\w.-]+)|"?'?([\w.-]{2,60}):)$/.exec(word);
  const text = name?.[1] ?? name?.[2] ?? '';
  if (/^(?:no|skip|without)-|[-_.](?:stdin|file|path|fd|type|ttl|length)$/i.test(text))
    return false;
  return isSecretName(text, secrets);
}

function isSecretName(name: string, secrets: readonly string[]): boolean {
  return namesSecret(name) || secrets.includes(name);
}

function redactWord(word: string, around: Surroundings): string {
  const quoted = insideQuotes(word);
  if (quoted === undefined) return redactBare(word, around);
  const { quote, inside } = quoted;
  const isText = /[\s;|&"'`]/.test(inside) && around.depth < maxDepth;
  const text =
    hideHeader(inside, hidden) ??
    (isText
      ? redactText(inside, { ...around, depth: around.depth + 1 })
      : redactBare(inside, around));
  return `${quote}${text}${quote}`;
}

const maxParts = 16;

/** `NAME=value`, `--set db.password=value`, `--from-literal=token=value`, `--secret:value`, `pass:value`. */
function redactBare(word: string, { secrets }: Surroundings): string {
  let from = 0;
  for (let part = 0; part < maxParts; part += 1) {
    const equals = word.indexOf('=', from);
    if (equals === -1) break;
    const name = /[^=&;?,\s"'`]*$/.exec(word.slice(from, equals))?.[0] ?? '';
    const isFolder = name === 'PWD' && /^(?:\/|~|[A-Za-z]:[\\/])/.test(word.slice(equals + 1));
    if (!isFolder && (name === 'PWD' || isSecretName(name, secrets))) {
      return `${word.slice(0, equals + 1)}${hidden}`;
    }
    from = equals + 1;
  }
  const [, name = ''] =
    /^((?:--?|\/)[\w-]{2,60}|pass|password|passwd|secret|pwd):./i.exec(word) ?? [];
  if (name !== '' && isSecretName(name, secrets))
    return `${word.slice(0, name.length + 1)}${hidden}`;
  return hideShapes(word, hidden);
}
