// Compose files: which variables a service gets, and where its paths lie on this machine, with what
// they extend and include. Nothing is executed, and nothing read that lies outside of the project.

import { dirname, isAbsolute, join, posix, resolve } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../../core/is-object.ts';
import { interpolate, readEnvFile, readSmallFile } from './env-files.ts';
import type { Variables } from './env-files.ts';
import { isInside } from './places.ts';

export interface Mount {
  /** Absolute path on this machine; undefined for a named volume. */
  readonly source: string | undefined;
  /** Name of a named volume. */
  readonly volume: string | undefined;
  /** Path in the container. */
  readonly target: string;
  /** True where the container cannot write: settings, not state. */
  readonly isReadOnly: boolean;
}

export interface Service {
  readonly name: string;
  /** Absolute path of the compose file. */
  readonly file: string;
  readonly variables: readonly Assignment[];
  readonly mounts: readonly Mount[];
}

/** A variable and the file that sets it. */
export interface Assignment {
  readonly name: string;
  readonly value: string;
  /** Absolute path. */
  readonly file: string;
}

/** True for `compose.yaml`, `docker-compose.dev.yml` and the like. */
export function isComposeFile(name: string): boolean {
  return /^(?:docker-)?compose(?:[._-].*)?\.ya?ml$/i.test(name);
}

/** Where a compose file is read: what counts for it alone comes with its `Context`. */
export interface ComposeSurroundings {
  /** Absolute; nothing outside of it is read. */
  readonly projectDir: string;
  readonly homeDir: string;
}

/**
 * The services of one compose file and of those that it includes; undefined where it cannot be read or
 * parsed.
 * @param variables of the `.env` beside it, for `${X}`
 */
export function readComposeFile(
  file: string,
  variables: Variables,
  around: ComposeSurroundings,
): readonly Service[] | undefined {
  return readServices(file, { ...around, folder: dirname(file), variables, depth: 0 });
}

/** More than anybody nests; a file that includes or extends itself ends there. */
const maxDepth = 5;

function readServices(file: string, context: Context): readonly Service[] | undefined {
  const document = readDocument(file, context);
  if (document === undefined) return undefined;
  const volumes = children(document['volumes']);
  const own = children(document['services']).map(([name, service]): Service => {
    const parts = withExtended(service, { file, document, context });
    const assignments = parts.flatMap((part) =>
      serviceVariables(part.service, part.file, part.context),
    );
    const mounts = parts.flatMap((part) =>
      list(part.service['volumes']).flatMap((mount) => readMount(mount, volumes, part.context)),
    );
    return {
      name,
      file,
      variables: [...new Map(assignments.map((one) => [one.name, one])).values()],
      mounts: [...new Map(mounts.map((one) => [one.target, one])).values()],
    };
  });
  const included = list(document['include']).flatMap((entry) => readIncluded(entry, context));
  return [...own, ...included];
}

function readDocument(file: string, { projectDir }: Context): Yaml | undefined {
  if (!isInside(file, projectDir)) return undefined;
  const text = readSmallFile(file, 1024 * 1024);
  return text === undefined ? undefined : parseYaml(text);
}

/** A service as one file has it. */
interface ServicePart {
  readonly service: Yaml;
  readonly file: string;
  readonly context: Context;
}

/** What a service extends, the furthest first: what comes later hides it. Paths count from their own file. */
function withExtended(
  service: Yaml,
  { file, document, context }: Omit<ServicePart, 'service'> & { readonly document: Yaml },
): readonly ServicePart[] {
  const part = { service, file, context };
  const { extends: extended } = service;
  const of = isObject(extended) ? extended : { service: extended };
  const { service: name, file: named } = of;
  if (typeof name !== 'string' || context.depth >= maxDepth) return [part];
  const other = typeof named === 'string' ? resolve(context.folder, expand(named, context)) : file;
  const there = { ...context, folder: other === file ? context.folder : dirname(other) };
  const from = other === file ? document : readDocument(other, context);
  const base = children(from?.['services']).find(([one]) => one === name)?.[1];
  if (from === undefined || base === undefined) return [part];
  const deeper = { ...there, depth: context.depth + 1 };
  return [...withExtended(base, { file: other, document: from, context: deeper }), part];
}

/** `include: [FILE]`, or with the folder that its paths count from and files with its variables. */
function readIncluded(entry: unknown, context: Context): readonly Service[] {
  if (context.depth >= maxDepth) return [];
  const {
    path,
    project_directory: from,
    env_file: env,
  } = isObject(entry) ? entry : { path: entry };
  const at = (text: unknown): string[] =>
    typeof text === 'string' ? [resolve(context.folder, expand(text, context))] : [];
  const files = list(path).flatMap(at);
  const [first] = files;
  if (first === undefined) return [];
  const folder = at(from)[0] ?? dirname(first);
  const envFiles = env === undefined ? [join(folder, '.env')] : list(env).flatMap(at);
  const own = envFiles
    .filter((one) => isInside(one, context.projectDir))
    .map((one) => readEnvFile(one) ?? {});
  // What is set outside hides what the file of an included one says.
  const variables = Object.assign({}, ...own, context.variables) as Variables;
  const deeper = { ...context, folder, variables, depth: context.depth + 1 };
  return files.flatMap((file) => readServices(file, deeper) ?? []);
}

/**
 * Where a path in a service's container lies on this machine, by its deepest mount.
 * A relative path is taken to be below the container's working directory, whichever that is.
 */
export function mapBack(path: string, service: Service): Mount | undefined {
  const wanted = posix.normalize(path);
  const fits = service.mounts
    .filter((mount) =>
      posix.isAbsolute(wanted)
        ? isBelow(wanted, mount.target)
        : mount.target.endsWith(`/${wanted.replace(/^(?:\.\/)+/, '')}`),
    )
    .toSorted((a, b) => b.target.length - a.target.length);
  const mount = fits[0];
  if (mount?.source === undefined || !posix.isAbsolute(wanted)) return mount;
  const rest = posix.relative(mount.target, wanted);
  return { ...mount, source: join(mount.source, rest), target: wanted };
}

interface Context extends ComposeSurroundings {
  /** Relative paths count from here. */
  readonly folder: string;
  readonly variables: Variables;
  /** How many files and services led here. */
  readonly depth: number;
}

type Yaml = Readonly<Record<string, unknown>>;

function parseYaml(text: string): Yaml | undefined {
  try {
    const document: unknown = parse(text, { merge: true, uniqueKeys: false, logLevel: 'error' });
    return isObject(document) ? document : undefined;
  } catch {
    // Broken YAML: the caller names the file.
    return undefined;
  }
}

/** What `environment` sets hides what an `env_file` sets. */
function serviceVariables(service: Yaml, composeFile: string, context: Context): Assignment[] {
  const assignments = new Map<string, Assignment>();
  for (const entry of list(service['env_file'])) {
    const path = isObject(entry) ? entry['path'] : entry;
    if (typeof path !== 'string') continue;
    const file = resolve(context.folder, expand(path, context));
    for (const [name, value] of Object.entries(readEnvFile(file) ?? {})) {
      assignments.set(name, { name, value: expand(value, context), file });
    }
  }
  for (const [name, value] of environmentBlock(service['environment'])) {
    const passed = value ?? context.variables[name];
    if (passed === undefined) continue;
    assignments.set(name, { name, value: expand(passed, context), file: composeFile });
  }
  return [...assignments.values()];
}

/** A map, or a list of `NAME=value`; a name alone passes on what is set outside. */
function environmentBlock(block: unknown): (readonly [string, string | undefined])[] {
  if (Array.isArray(block))
    return block.filter((entry) => typeof entry === 'string').map(splitAssignment);
  return Object.entries(isObject(block) ? block : {}).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : undefined,
  ]);
}

function splitAssignment(text: string): readonly [string, string | undefined] {
  const at = text.indexOf('=');
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

function readMount(
  mount: unknown,
  volumes: readonly (readonly [string, Yaml])[],
  context: Context,
): Mount[] {
  const parts = isObject(mount) ? longMount(mount) : shortMount(mount, context);
  if (parts === undefined) return [];
  const target = posix.normalize(expand(parts.target, context)).replace(/(?<=.)\/$/, '');
  const source = expand(parts.source, context);
  const { isReadOnly } = parts;
  if (isHostPath(source))
    return [{ source: hostPath(source, context), volume: undefined, target, isReadOnly }];
  const options = volumes.find(([name]) => name === source)?.[1]['driver_opts'];
  const device = isObject(options) ? options['device'] : undefined;
  if (typeof device === 'string' && isHostPath(expand(device, context))) {
    return [
      { source: hostPath(expand(device, context), context), volume: undefined, target, isReadOnly },
    ];
  }
  return [{ source: undefined, volume: source, target, isReadOnly }];
}

interface MountParts {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

function longMount(mount: Yaml): MountParts | undefined {
  const { type, source, target } = mount;
  if ((type !== 'bind' && type !== 'volume') || typeof source !== 'string') return undefined;
  const isReadOnly = mount['read_only'] === true;
  return typeof target === 'string' ? { source, target, isReadOnly } : undefined;
}

/** `SOURCE:TARGET[:MODE]`; a Windows drive has a colon of its own, and so has `${X:-default}`. */
function shortMount(mount: unknown, context: Context): MountParts | undefined {
  if (typeof mount !== 'string') return undefined;
  const match = /^((?:[A-Za-z]:[\\/])?[^:]+):([^:]+)(?::([^:]*))?$/.exec(expand(mount, context));
  return match?.[1] === undefined || match[2] === undefined
    ? undefined
    : {
        source: match[1],
        target: match[2],
        isReadOnly: (match[3] ?? '').split(',').includes('ro'),
      };
}

function isHostPath(source: string): boolean {
  return /^[.~]|[/\\]/.test(source);
}

function hostPath(source: string, context: Context): string {
  const path = /^~(?=\/|$)/.test(source) ? join(context.homeDir, source.slice(1)) : source;
  return isAbsolute(path) ? path : resolve(context.folder, path);
}

function expand(text: string, context: Context): string {
  return interpolate(text, context.variables);
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder.endsWith('/') ? folder : `${folder}/`);
}

function children(value: unknown): [string, Yaml][] {
  return Object.entries(isObject(value) ? value : {}).map(([name, child]) => [
    name,
    isObject(child) ? child : {},
  ]);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined || value === null ? [] : [value];
}
