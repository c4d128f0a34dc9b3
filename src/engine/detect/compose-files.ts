// Compose files: which variables a service gets, and where its paths lie on this machine. Nothing is
// executed and nothing included from elsewhere.

import { dirname, isAbsolute, join, posix, resolve } from 'node:path';
import { parse } from 'yaml';
import { isObject } from '../../core/is-object.ts';
import { interpolate, readEnvFile, readSmallFile } from './env-files.ts';
import type { Variables } from './env-files.ts';

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

/**
 * The services of one compose file; undefined where it cannot be read or parsed.
 * @param variables of the `.env` beside it, for `${X}`
 */
export function readComposeFile(
  file: string,
  variables: Variables,
  homeDir: string,
): readonly Service[] | undefined {
  const text = readSmallFile(file, 1024 * 1024);
  const document = text === undefined ? undefined : parseYaml(text);
  if (document === undefined) return undefined;
  const context: Context = { folder: dirname(file), variables, homeDir };
  const volumes = children(document['volumes']);
  return children(document['services']).map(([name, service]) => ({
    name,
    file,
    variables: serviceVariables(service, file, context),
    mounts: list(service['volumes']).flatMap((mount) => readMount(mount, volumes, context)),
  }));
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

interface Context {
  readonly folder: string;
  readonly variables: Variables;
  readonly homeDir: string;
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
