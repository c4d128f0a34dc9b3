// Code that a command is given: in an option, on its input, or in a file that it runs.

import type { NamedPath } from '../../documents/guard.ts';
import { isUnknown } from '../line/texts.ts';
import type { LineReader } from '../line-reader.ts';
import {
  destructive,
  harmless,
  mayReach,
  placedPath,
  touched,
  worst,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from '../verdict.ts';
import { javascript, lua } from './javascript.ts';
import { onlyReads, type Language } from './language.ts';
import { python, pythonOfApplication } from './python.ts';
import { perl, php, ruby } from './ruby-perl-php.ts';

const languages: readonly (readonly [RegExp, Language])[] = [
  [/^(python|python[23](\.\d+)?|pypy3?|py|ipython)$/, python],
  [/^(manage\.py|django-admin|flask)$/, pythonOfApplication],
  [
    /^(node|nodejs|tsx|ts-node|ts-node-esm|swc-node|esno|jiti|vite-node|babel-node|electron|bun|deno)$/,
    javascript,
  ],
  [/^(ruby|jruby|rails|irb)$/, ruby],
  [/^(perl|perl5[\d.]*)$/, perl],
  [/^(php\d*(\.\d+)?|artisan)$/, php],
  [/^(lua|luajit|lua5[\d.]*)$/, lua],
];

/** More is not looked through; nobody types it. */
const maxLength = 64 * 1024;
const maxTexts = 200;

export function matchCode(
  command: PlainCommand,
  given: string,
  place: CommandPlace,
  reader: LineReader,
): Verdict {
  const code = given.slice(0, maxLength);
  const language = languages.find(([programs]) => programs.test(command.program))?.[1];
  const isWhole = given.length <= maxLength && !isUnknown(given);
  if (isWhole && language !== undefined && onlyReads(code, language)) return harmless;
  const texts = [...code.matchAll(textPattern)]
    .slice(0, maxTexts)
    .map(([whole]) => unquoted(whole));
  return worst([
    mayReach(command, 'it is code in another language'),
    deleting(command, code, texts, place),
    ...(callsPrograms.test(code) ? calledPrograms(code, texts, place, reader) : []),
  ]);
}

const textPattern = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`/g;

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replaceAll(/\\(["'`\\n])/g, (_whole, letter: string) => (letter === 'n' ? '\n' : letter));
}

const deletes = new RegExp(
  [
    String.raw`\b(rmtree|rm_rf|rm_r|rm|rmdir|rmdirSync|removedirs|rmSync|unlink\w*|truncate\w*|remove|removeSync|emptyDir\w*|rename\w*|move\w*|replace|write\w*|copy\w*|copyFile\w*|createWriteStream|file_put_contents|cp_r|del|delete)\b\s*\(?`,
    String.raw`\bopen\s*\([^)]{0,200},\s*(mode\s*=\s*)?["']\w*[wax+]`,
    String.raw`\b(drop\s+table|delete\s+from|update\s+\S+\s+set|insert\s+into|replace\s+into|alter\s+table)\b`,
    String.raw`\bexecutescript\b`,
  ].join('|'),
  'i',
);

/** They name no file: they go for the application's own database. */
const deletesOwn =
  /\b(drop_all|delete_all|destroy_all)\b|deleteMany|dropDatabase|::truncate|\.objects\b[^\n]{0,300}\.delete\(\)/;

/** `shutil.rmtree('data')`: deletes something, and names the data. */
function deleting(
  command: PlainCommand,
  code: string,
  texts: readonly string[],
  place: CommandPlace,
): Verdict {
  const isOwn = deletesOwn.test(code);
  if (!isOwn && !deletes.test(code)) return harmless;
  const named = texts.filter((text) => text !== '' && text.length <= maxPath);
  const paths = touched(named, place);
  const verdict =
    paths.length > 0 || isOwn ? destructive(command, 'code that deletes', { paths }) : harmless;
  return { ...verdict, outside: isOwn ? [] : namedFiles(code, named, paths, place) };
}

const maxPath = 1000;

/** `shutil.rmtree(".")`: elsewhere such a text is none of a folder that goes. */
const removesHere =
  /\b(rmtree|rm_rf|rm_r|rm|rmSync|rmdirSync|removeSync|emptyDir\w*)\s*\(\s*["'`]\.{1,2}\/?["'`]/;

/** Texts that are paths of something that is there. */
function namedFiles(
  code: string,
  texts: readonly string[],
  ofData: readonly string[],
  place: CommandPlace,
): readonly NamedPath[] {
  if (place.isContainer || isUnknown(place.cwd)) return [];
  return texts
    .filter((text) => !ofData.includes(text) && !isUnknown(text))
    .map((text) => placedPath(text, place))
    .filter(
      (path) =>
        (removesHere.test(code) || !`${place.cwd}/`.startsWith(`${path}/`)) &&
        place.facts.exists(path),
    )
    .map((path) => ({ path, takes: 'all' }));
}

const callsPrograms =
  /\b(system|popen|exec\w*|spawn\w*|subprocess|Popen|run|call|check_call|check_output|shell_exec|passthru|proc_open|qx|child_process|execa)\b|`/;

/** What is handed to a shell is a text in the code, or a list of words. */
function calledPrograms(
  code: string,
  texts: readonly string[],
  place: CommandPlace,
  reader: LineReader,
): readonly Verdict[] {
  const lists = [...code.matchAll(listPattern)]
    .slice(0, maxTexts)
    .map(([whole]) => [...whole.matchAll(textPattern)].map(([text]) => unquoted(text)));
  const calls = code.matchAll(callPattern);
  const pairs = [...calls]
    .slice(0, maxTexts)
    .map(([, program = '', list = '']) => [
      unquoted(program),
      ...[...list.matchAll(textPattern)].map(([text]) => unquoted(text)),
    ]);
  const lines = texts.filter((text) => /\s|\//.test(text));
  // Most texts of a program are no commands: only what is known to destroy counts.
  return [
    ...lines.map((text) => reader.readText(text, place)),
    ...[...lists, ...pairs].map((words) =>
      reader.readWords({ words, stdin: place.scope.stdin }, place),
    ),
  ].filter(({ kind, outside }) => kind === 'destructive' || outside.length > 0);
}

const someText = String.raw`(?:"[^"\n]*"|'[^'\n]*')`;
const listPattern = new RegExp(
  String.raw`\[\s*${someText}(?:\s*,\s*${someText})*\s*(?:,\s*)?\]`,
  'g',
);
/** `execFileSync('rm', ['-rf', 'data'])` */
const callPattern = new RegExp(
  String.raw`\(\s*(${someText})\s*,\s*(\[\s*${someText}(?:\s*,\s*${someText})*\s*(?:,\s*)?\])`,
  'g',
);
