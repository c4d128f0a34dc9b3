// The places that `.env` and compose files name: each with the sentence that says how it was found.
// Of a variable only the path of a data variable gets any further, never another value.

import { existsSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import type { RejectedPlace } from '../../core/documents/documents.ts';
import { isComposeFile, mapBack, readComposeFile } from './compose-files.ts';
import type { Assignment, Mount, Service } from './compose-files.ts';
import { pathInValue, variableKind } from './data-variables.ts';
import type { VariableKind } from './data-variables.ts';
import { interpolate, isEnvFile, readEnvFile } from './env-files.ts';
import { isNeverData, looksLikeSettings } from './folder-names.ts';
import type { Variables } from './env-files.ts';
import { shownPath } from './places.ts';
import { isSettingsFile, readSettingsFile, type SettingsPlace } from './settings-files.ts';
import type { Surroundings } from './places.ts';

export interface NamedPlace {
  /** Absolute, as it was written: links are not resolved, and it need not be there. */
  readonly path: string;
  /** `mount`: a folder that a container sees, data only if it holds some. `setting`: of a framework. */
  readonly kind: VariableKind | 'mount' | 'setting';
  /** Name of the variable; undefined for others. */
  readonly variable: string | undefined;
  /** Of a mount: where the container sees it, and whether it may write there. */
  readonly mount?: Mount;
  readonly evidence: string;
}

function isAboutVolume({ path, reason, kind }: RejectedPlace, volume: string): boolean {
  return kind === 'volume' && (path === volume || reason.includes(`: volume ${volume} `));
}

/** More files than any project has; beyond it they are not read. */
const maxFiles = 100;

/** Collects what the files of a project name; `places` answers for all that was read so far. */
export class NamedPlaces {
  readonly #around: Surroundings;
  readonly #assignments: (Assignment & { readonly service: Service | undefined })[] = [];
  readonly #services: Service[] = [];
  readonly #settings: (SettingsPlace & { readonly file: string })[] = [];
  readonly #unreadable: RejectedPlace[] = [];
  #rootVariables: Variables = {};
  #files = 0;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** Reads the files of a folder; true where there was one. */
  read(folder: string, names: readonly string[]): boolean {
    const envFiles = names.filter(isEnvFile).toSorted();
    const composeFiles = names.filter(isComposeFile).toSorted();
    const settingsFiles = names.filter(isSettingsFile).toSorted();
    const count = envFiles.length + composeFiles.length + settingsFiles.length;
    this.#files += count;
    if (count === 0 || this.#files > maxFiles) return false;
    const own = this.#readEnvFiles(folder, envFiles);
    if (folder === this.#around.projectDir) this.#rootVariables = own;
    for (const name of composeFiles) {
      this.#readCompose(join(folder, name), { ...this.#rootVariables, ...own });
    }
    for (const name of settingsFiles) {
      const file = join(folder, name);
      const found = readSettingsFile(file, name);
      this.#settings.push(...found.map((place) => ({ ...place, file })));
    }
    return true;
  }

  places(): {
    readonly places: readonly NamedPlace[];
    readonly rejected: readonly RejectedPlace[];
  } {
    const places: NamedPlace[] = [];
    const rejected: RejectedPlace[] = [...this.#unreadable];
    for (const assignment of this.#assignments) {
      const kind = variableKind(assignment.name);
      const path = kind === undefined ? undefined : pathInValue(assignment.value, kind);
      if (kind === undefined || path === undefined) continue;
      const found = this.#resolve(assignment, this.#expandHome(path));
      for (const hit of found.hits) places.push({ ...hit, kind, variable: assignment.name });
      if (found.problem !== undefined) rejected.push(found.problem);
    }
    for (const service of this.#services) {
      for (const mount of service.mounts) {
        const { source, target } = mount;
        if (source === undefined) {
          const volume = this.#volume(service, mount);
          if (volume !== undefined && !rejected.some((one) => isAboutVolume(one, volume.path)))
            rejected.push(volume);
          continue;
        }
        const evidence = `the mount at ${target} in ${this.#shown(service.file)}`;
        places.push({ path: source, kind: 'mount', variable: undefined, evidence, mount });
      }
    }
    for (const { path, key, file } of this.#settings) {
      const evidence = `${key} in ${this.#shown(file)}`;
      places.push({ path, kind: 'setting', variable: undefined, evidence });
    }
    return { places, rejected };
  }

  /** Answers the variables of `.env` itself: those that compose takes. */
  #readEnvFiles(folder: string, names: readonly string[]): Variables {
    let own: Variables = {};
    for (const name of names) {
      const file = join(folder, name);
      const variables = readEnvFile(file);
      if (variables === undefined) {
        this.#unreadable.push({
          path: this.#shown(file),
          reason: 'cannot be read as a list of variables',
        });
        continue;
      }
      if (name === '.env') own = variables;
      for (const [variable, value] of Object.entries(variables)) {
        const expanded = interpolate(value, { ...own, ...variables, ...this.#home() });
        this.#assignments.push({ name: variable, value: expanded, file, service: undefined });
      }
    }
    return own;
  }

  #readCompose(file: string, variables: Variables): void {
    const services = readComposeFile(file, { ...variables, ...this.#home() }, this.#around);
    if (services === undefined) {
      this.#unreadable.push({ path: this.#shown(file), reason: 'cannot be read as YAML' });
      return;
    }
    for (const service of services) {
      this.#services.push(service);
      for (const assignment of service.variables)
        this.#assignments.push({ ...assignment, service });
    }
  }

  #resolve(
    assignment: Assignment & { readonly service: Service | undefined },
    path: string,
  ): { hits: { path: string; evidence: string }[]; problem?: RejectedPlace } {
    const { service, file, name } = assignment;
    const sentence = `${name}=${path} in ${this.#shown(file)}`;
    const services = service === undefined ? this.#services : this.#sameService(service);
    const mapped = services.flatMap((one) => {
      const mount = mapBack(path, one);
      return mount === undefined ? [] : [{ mount, file: one.file }];
    });
    const hits = mapped.flatMap(({ mount, file: by }) => {
      const how = by === file ? 'mapped by its volumes' : `mapped by ${this.#shown(by)}`;
      return mount.source === undefined
        ? []
        : [{ path: mount.source, evidence: `${sentence}, ${how}` }];
    });
    const existing = hits.filter((hit) => existsSync(hit.path));
    if (existing.length > 0) return { hits: existing };
    const onHost = this.#onHost(path, dirname(file));
    if (onHost !== undefined && (hits.length === 0 || !isAbsolute(path))) {
      return { hits: [{ path: onHost, evidence: sentence }] };
    }
    return { hits: [], problem: this.#notFound(path, sentence, mapped[0]?.mount, hits[0]) };
  }

  /** What a container keeps in a named volume is told with the volume's name; undefined for what tools make. */
  #volume(
    { name, file }: Service,
    { volume, target, isReadOnly }: Mount,
  ): RejectedPlace | undefined {
    const last = basename(target);
    if (volume === undefined || isReadOnly || isNeverData(last) || looksLikeSettings(last))
      return undefined;
    const where = `${target} of ${name} in ${this.#shown(file)}`;
    return {
      path: volume,
      reason: `a volume of Docker for ${where}, not reached from here`,
      kind: 'volume',
    };
  }

  /** A service in all compose files of a folder: `compose.override.yaml` adds to `compose.yaml`. */
  #sameService({ name, file }: Service): readonly Service[] {
    const folder = dirname(file);
    return this.#services.filter((one) => one.name === name && dirname(one.file) === folder);
  }

  #notFound(
    path: string,
    sentence: string,
    mount: { readonly volume: string | undefined } | undefined,
    hit: { readonly path: string; readonly evidence: string } | undefined,
  ): RejectedPlace {
    if (hit !== undefined)
      return { path: this.#shown(hit.path), reason: `${hit.evidence}: not there` };
    if (mount?.volume !== undefined) {
      const reason = `${sentence}: volume ${mount.volume} cannot be reached from here`;
      return { path, reason, kind: 'volume' };
    }
    return isAbsolute(path)
      ? { path, reason: `${sentence}: not there, and no compose volume maps it` }
      : {
          path: this.#shown(resolve(this.#around.projectDir, path)),
          reason: `${sentence}: not there`,
        };
  }

  /** Relative paths count from the file's folder, then from the project's. */
  #onHost(path: string, folder: string): string | undefined {
    const candidates = [resolve(folder, path), resolve(this.#around.projectDir, path)];
    return candidates.find((candidate) => existsSync(candidate));
  }

  #expandHome(path: string): string {
    return /^~(?=\/|$)/.test(path) ? join(this.#around.homeDir, path.slice(1)) : path;
  }

  #home(): Variables {
    return { HOME: this.#around.homeDir, PWD: this.#around.projectDir };
  }

  #shown(path: string): string {
    const shown = shownPath(this.#around.projectDir, path);
    return shown === '.' ? basename(path) : shown;
  }
}
