// Which program a word means.

/** Lower case, without path, version and what Windows adds. */
export function programName(word: string): string {
  const module = /(?:^|\/)node_modules\/(?!\.bin\/)(@[^/]+\/[^/]+|[^/]+)\//.exec(word)?.[1];
  const plain = (module ?? word).replace(/^(npm|jsr):/, '').replace(/(?<=[^/@])@[^/]*$/, '');
  const known = packagePrograms.get(plain);
  if (known !== undefined) return known;
  // `go run github.com/pressly/goose/v3/cmd/goose`
  return plain
    .slice(plain.lastIndexOf('/') + 1)
    .toLowerCase()
    .replace(/\.(exe|cmd|bat|ps1)$/, '');
}

const packagePrograms: ReadonlyMap<string, string> = new Map([
  ['@mikro-orm/cli', 'mikro-orm'],
  ['@adonisjs/core', 'ace'],
  ['@nestjs/cli', 'nest'],
  ['ace.js', 'ace'],
]);

/** True where the word is a program of the system or of a package, not a file of the project. */
export function isInstalled(word: string): boolean {
  return !word.includes('/') || installed.test(word);
}

const installed =
  /^(\/usr(\/local)?|\/opt\/[\w.-]+|)\/s?bin\/|(^|\/)(node_modules\/\.bin|vendor\/bin|\.?venv\/bin|env\/bin|\.local\/bin|\.cargo\/bin)\/[^/]+$/;

/** What runs a script: by its first line, else by its ending. */
export function scriptProgram(path: string, text: string): string | undefined {
  const [, program, second] = /^#!\s*(\S+)(?:[ \t]+(?:-\S+[ \t]+)*(\S+))?/.exec(text) ?? [];
  if (program !== undefined) {
    const name = programName(program);
    return name === 'env' ? programName(second ?? '') : name;
  }
  const [, ending] = /\.([a-z]+)$/.exec(path) ?? [];
  // Without either a shell reads it.
  return ending === undefined ? 'sh' : endings.get(ending);
}

const endings: ReadonlyMap<string, string> = new Map([
  ['sh', 'sh'],
  ['bash', 'bash'],
  ['zsh', 'zsh'],
  ['py', 'python'],
  ['js', 'node'],
  ['mjs', 'node'],
  ['cjs', 'node'],
  ['ts', 'node'],
  ['mts', 'node'],
  ['rb', 'ruby'],
  ['pl', 'perl'],
  ['php', 'php'],
  ['lua', 'lua'],
]);
