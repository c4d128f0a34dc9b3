import { changingSql } from '../sql-text.ts';
import { pureModules, type Imports, type Language } from './language.ts';
import { unknownMember } from './quiet-members.ts';

const statement = /(?<=^|[\n;:])[ \t]*(?:from[ \t]+([\w.]+)[ \t]+)?import[ \t]+([^\n;]+)/g;

/** `import a, b as c` and `from a import b as c`. */
function imports(code: string): Imports {
  const bound: { name: string; module: string }[] = [];
  const members: { member: string; module: string }[] = [];
  const rest = code.replaceAll(statement, (_whole, from: string | undefined, list: string) => {
    for (const part of list.replaceAll(/[()]/g, '').split(',')) {
      const [name = '', alias] = part.trim().split(/\s+as\s+/);
      const [top = ''] = name.split('.');
      if (from === undefined && alias === undefined)
        bound.push({ name: top, module: isModule(top) ? top : name });
      else if (from === undefined) bound.push({ name: alias ?? '', module: name });
      else if (isModule(`${from}.${name}`))
        bound.push({ name: alias ?? name, module: `${from}.${name}` });
      else members.push({ member: name, module: from });
    }
    return ' ';
  });
  return { bound, members, rest };
}

const modules = {
  ...pureModules(
    'json re math datetime collections itertools functools string statistics textwrap base64 hashlib time random urllib.parse csv decimal fractions operator typing enum dataclasses pprint uuid struct copy bisect heapq calendar locale unicodedata html difflib ast tokenize keyword platform glob fnmatch os.path stat errno inspect traceback warnings __future__ binascii secrets zlib string abc numbers cmath array contextlib types argparse',
  ),
  os: {
    reads:
      'path getcwd environ listdir getenv sep walk stat lstat scandir name linesep getpid cpu_count uname access F_OK R_OK W_OK pathsep curdir extsep fspath',
  },
  sys: {
    reads:
      'argv stdin stdout stderr exit version version_info path platform executable maxsize byteorder getsizeof prefix flags implementation getrecursionlimit getdefaultencoding',
  },
  pathlib: {
    not: /\b(unlink|rmdir|rename|replace|write_\w+|open|touch|mkdir|chmod|symlink_to|hardlink_to|link_to|move\w*|copy\w*)\b/,
  },
  shutil: { reads: 'disk_usage which get_terminal_size' },
  sqlite3: {
    not: new RegExp(
      String.raw`${changingSql.source}|executescript|backup|load_extension|deserialize|execute(many)?\s*\(\s*(?!r?["'])`,
      'i',
    ),
  },
} satisfies Language['modules'];

function isModule(name: string): boolean {
  return Object.hasOwn(modules, name);
}

export const python: Language = {
  imports,
  modules,
  reaches:
    /\b(open|exec|eval|compile|getattr|setattr|delattr|globals|locals|vars|breakpoint|help|__(?!(name|main|file|doc|version|init|str|repr|len)__)\w+)\b|^[ \t]*@|!\s*\w/m,
  reading: [
    /\bopen\s*\(\s*[^(),]+(?:,\s*(?:mode\s*=\s*)?["']rb?t?["'])?(?:,\s*(?:encoding|errors)\s*=\s*["'][\w-]+["'])?\s*\)/g,
    /\bre\s*\.\s*compile\b/g,
    // `!=`, and `!r` of a format.
    /!=|!\s*[rsa]\s*[:}]/g,
  ],
};

/** In the shell of an application its models are at hand. */
export const pythonOfApplication: Language = {
  ...python,
  reaches: new RegExp(`${python.reaches.source}|${unknownMember.source}`, 'm'),
};
