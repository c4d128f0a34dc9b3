// Archives: unpacked they go over what is there, and some programs take what they packed away.

import { claims, judged, type Claim } from './claims.ts';
import { hasOption, optionValue, splitArguments } from './options.ts';
import {
  mayReach,
  worst,
  harmless,
  type CommandPlace,
  type PlainCommand,
  type Verdict,
} from './verdict.ts';

export function unpacked(command: PlainCommand, place: CommandPlace): Verdict {
  const all = command.words.slice(1);
  const taken = takers.get(command.program) ?? ofTar;
  // `--to-command`, `--checkpoint-action=exec=…`
  const runs = all.some((word) =>
    /^--(to-command|checkpoint-action|use-compress-program|rsh-command)/.test(word),
  );
  return worst([
    judged(command, command.program, taken(all), place),
    runs ? mayReach(command, 'it runs a program') : harmless,
  ]);
}

type Taker = (all: readonly string[]) => readonly Claim[];

/** What is named of the archive, or all of it, below the folder. */
function unpackedInto(folder: string, members: readonly string[]): readonly Claim[] {
  return claims(
    'fill',
    members.length === 0 ? [folder] : members.map((name) => `${folder}/${name}`),
  );
}

const tarOptions = [
  '-C',
  '--directory',
  '-f',
  '--file',
  '-T',
  '--files-from',
  '-X',
  '--exclude',
  '-I',
  '-b',
];

/** `tar xzf FILE [MEMBER…]`, letters with and without a dash. */
const ofTar: Taker = (all) => {
  const [first = '', ...rest] = all;
  const isOld = /^[a-zA-Z]+$/.test(first);
  const letters = isOld ? first : all.filter((word) => /^-[a-zA-Z]+$/.test(word)).join('');
  const has = (letter: string, name: string): boolean =>
    letters.includes(letter) || all.includes(name);
  // A cluster that ends in `f` has the archive behind it.
  const clusters = all.filter((word) => /^-[a-zA-Z]+f$/.test(word));
  const own = isOld ? rest : all;
  const { positional } = splitArguments(own, [...tarOptions, ...clusters]);
  const attached = isOld && first.includes('f') ? positional.slice(0, 1) : [];
  const members = positional.slice(attached.length);
  const archive = attached[0] ?? optionValue(own, '-f', '--file', ...clusters);
  if (has('x', '--extract') || all.includes('--get'))
    return unpackedInto(optionValue(own, '-C', '--directory') ?? '.', members);
  const writes =
    ['c', 'r', 'u', 'A'].some((letter) => letters.includes(letter)) ||
    all.some((word) => /^--(create|append|update|delete|concatenate)$/.test(word));
  if (!writes) return [];
  return [
    ...claims('overwrite', archive === undefined || archive === '-' ? [] : [archive]),
    ...claims('tree', all.includes('--remove-files') ? members : []),
  ];
};

const ofUnzip: Taker = (all) => {
  const args = splitArguments(all, ['-d', '-x', '-P']);
  if (hasOption(args, '-l', '-t', '-p', '-Z', '-v', '-z', '-n')) return [];
  return unpackedInto(optionValue(all, '-d') ?? '.', args.positional.slice(1));
};

const ofZip: Taker = (all) => {
  const args = splitArguments(all, ['-P', '-b', '-t', '-n', '-x', '-i']);
  const [archive = '', ...packed] = args.positional;
  return [
    ...claims('overwrite', archive === '-' ? [] : [archive]),
    ...claims('tree', hasOption(args, '-m', '--move') ? packed : []),
  ];
};

const of7z: Taker = (all) => {
  const [verb = '', archive = '', ...members] = splitArguments(all).positional;
  if (/^[ex]$/.test(verb)) return unpackedInto(optionValue(all, '-o') ?? '.', members);
  const takesAway = all.some((word) => word.startsWith('-sdel'));
  return /^[adu]$/.test(verb)
    ? [...claims('overwrite', [archive]), ...claims('tree', takesAway ? members : [])]
    : [];
};

/** Where the names come from its input, or are not looked at. */
const ofOthers: Taker = (all) =>
  all.some((word) => /^(-[a-zA-Z]*[ix][a-zA-Z]*|x\w*|e|--extract)$/.test(word))
    ? claims('fill', ['.'])
    : [];

const takers: ReadonlyMap<string, Taker> = new Map([
  ['unzip', ofUnzip],
  ['zip', ofZip],
  ['7z', of7z],
  ['7za', of7z],
  ['cpio', ofOthers],
  ['jar', ofOthers],
  ['unrar', ofOthers],
]);
