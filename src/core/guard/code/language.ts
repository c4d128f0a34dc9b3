// What code of a language can do is in the modules that it takes and in a few words of the language
// itself. Code that has neither computes and prints; whatever else it is, it is not read any further.

export interface CodeModule {
  /** Members that only read, separated by spaces; without them all do. */
  readonly reads?: string;
  /** Of what it gives these words do more than read, wherever they stand. */
  readonly not?: RegExp;
}

export interface Language {
  /** Words of the language that reach files, programs or other code. */
  readonly reaches: RegExp;
  /** Uses of them that only read: looked for first, and then gone. */
  readonly reading: readonly RegExp[];
  /** Names that code binds to modules: the name, the module, or names of the module's members. */
  readonly imports: (code: string) => Imports;
  readonly modules: Readonly<Record<string, CodeModule>>;
}

export interface Imports {
  readonly bound: readonly { readonly name: string; readonly module: string }[];
  readonly members: readonly { readonly member: string; readonly module: string }[];
  /** The code without them. */
  readonly rest: string;
}

export const noImports = (code: string): Imports => ({ bound: [], members: [], rest: code });

/** True where the code certainly changes no file and runs nothing. */
export function onlyReads(code: string, language: Language): boolean {
  const { bound, members, rest } = language.imports(code);
  const moduleOf = (name: string): CodeModule | undefined =>
    Object.hasOwn(language.modules, name) ? language.modules[name] : undefined;
  const isRead = (member: string, module: string): boolean => {
    const known = moduleOf(module);
    return known !== undefined && (known.reads === undefined || listed(known.reads, member));
  };
  if (!members.every(({ member, module }) => isRead(member, module))) return false;
  if (!bound.every(({ module }) => moduleOf(module) !== undefined)) return false;
  const used = [...bound, ...members].flatMap(({ module }) => moduleOf(module) ?? []);
  const plain = language.reading.reduce((text, form) => text.replaceAll(form, ' '), rest);
  if (used.some(({ not }) => not?.test(plain) === true) || language.reaches.test(plain))
    return false;
  return bound.every(({ name, module }) => usesOnly(plain, name, moduleOf(module)?.reads));
}

/** True where the name stands before members that only read, and nowhere else. */
function usesOnly(code: string, name: string, reads: string | undefined): boolean {
  if (reads === undefined) return true;
  const uses = code.matchAll(
    new RegExp(String.raw`(?<![\w$])${name}(?![\w$])(?:\s*\.\s*(\w+))?`, 'g'),
  );
  return [...uses].every(([, member]) => member !== undefined && listed(reads, member));
}

function listed(list: string, name: string): boolean {
  return ` ${list} `.includes(` ${name} `);
}

/** The modules of a text such as `json math`, all of whose members only read. */
export function pureModules(names: string): Readonly<Record<string, CodeModule>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, {}]));
}
