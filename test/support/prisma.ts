// Prisma, installed once into the cache of the tests: it is too large for everybody's node_modules.
// Its engines are binaries from a place of their own, so it runs on `engine: 'js'` and is told that
// the binaries are there.

import { npmModules } from './npm-modules.ts';

const version = '6.19.3';

/** Absolute path of a `node_modules` with Prisma and its adapter for SQLite files. */
export function prismaModules(): string {
  return npmModules(`prisma-${version}`, `prisma@${version}`, `@prisma/adapter-libsql@${version}`);
}

/** With these Prisma asks for no download. */
export const prismaEnvironment = {
  PRISMA_QUERY_ENGINE_LIBRARY: process.execPath,
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
};
