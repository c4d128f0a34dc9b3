import { changingSql } from '../sql-text.ts';
import { noImports, pureModules, type Imports, type Language } from './language.ts';

const required =
  /(?:\b(?:const|let|var)\s+(?:(\w+)|\{([^{}]*)\})\s*=\s*)?(?:\(\s*)?\brequire\s*\(\s*["'`](?:node:)?([^"'`]+)["'`]\s*\)(?:\s*\.\s*(\w+))?/g;
const imported =
  /\bimport\s+(?:(\w+)|\*\s+as\s+(\w+)|\{([^{}]*)\})\s+from\s+["'](?:node:)?([^"']+)["']/g;

function imports(code: string): Imports {
  const bound: { name: string; module: string }[] = [];
  const members: { member: string; module: string }[] = [];
  const take = (module: string, name: string | undefined, list: string | undefined): void => {
    if (name !== undefined) bound.push({ name, module });
    for (const part of list?.split(',') ?? []) {
      const [member = ''] = part.trim().split(/\s*(?::|\bas\b)\s*/);
      if (member !== '') members.push({ member, module });
    }
  };
  const rest = code
    .replaceAll(
      required,
      (_whole, name: string, list: string, module: string, member: string | undefined) => {
        const plain = moduleName(module);
        if (member !== undefined) members.push({ member, module: plain });
        // `const x = require('m').y`: what is bound is the member.
        else if (name === undefined && list === undefined)
          bound.push({ name: 'require', module: plain });
        take(plain, member === undefined ? name : undefined, list);
        return ' ';
      },
    )
    .replaceAll(imported, (_whole, name, all, list, module: string) => {
      take(moduleName(module), name ?? all, list);
      return ' ';
    });
  // `node -e` has the modules of Node under their names.
  take('fs', 'fs', undefined);
  return { bound, members, rest };
}

/** What JSON holds does nothing. */
function moduleName(name: string): string {
  return /^\.{0,2}\/.*\.json$/.test(name) ? 'json' : name;
}

const readsFiles =
  'readFileSync existsSync readdirSync statSync lstatSync realpathSync accessSync readlinkSync constants';
const readsSql = {
  not: new RegExp(
    String.raw`${changingSql.source}|\b(run|exec|transaction|loadExtension|pragma|backup|deserialize)\b`,
    'i',
  ),
};

export const javascript: Language = {
  imports,
  modules: {
    ...pureModules(
      'json path os url util crypto assert querystring zlib buffer string_decoder events timers perf_hooks punycode semver typescript yaml',
    ),
    fs: { reads: readsFiles },
    'better-sqlite3': readsSql,
    sqlite: readsSql,
  },
  reaches:
    /(?<![\w$])(require|import|process|Bun|Deno|eval|Function|globalThis|global|constructor|module|WebAssembly|fetch|child_process|cluster|worker_threads|vm|http|https|net|open|write\w*)(?![\w$])|[\w$\])]`/,
  reading: [
    /(?<![\w$])process\s*\.\s*(env|argv|version|versions|platform|arch|cwd|exit|memoryUsage|hrtime|uptime|pid|exitCode|execPath|nextTick)(?![\w$])/g,
    /(?<![\w$])process\s*\.\s*(stdout|stderr)\s*\.\s*write(?![\w$])/g,
    /(?<![\w$])process\s*\.\s*stdin(?![\w$])/g,
    /(?<![\w$])(return|typeof|case|in|of)\s*(?=`)/g,
  ],
};

/** Bare words of these languages are enough to reach anything: no module has to be taken. */
export const lua: Language = {
  imports: noImports,
  modules: {},
  reaches: /\b(os|io|require|dofile|loadfile|load|loadstring|package|debug|_G|_ENV)\b/,
  reading: [/\bos\s*\.\s*(time|date|clock|getenv)\b/g, /\bio\s*\.\s*(write|read|stdout|stdin)\b/g],
};
