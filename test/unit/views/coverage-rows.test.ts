import { deepStrictEqual, match, strictEqual } from 'node:assert/strict';
import type { CoverageEntry } from '../../../src/core/documents/coverage.ts';
import {
  coverageRow,
  coverageTooltip,
  notCoveredNames,
  notCoveredOf,
} from '../../../src/core/views/coverage-rows.ts';

const media: CoverageEntry = {
  path: 'media',
  kind: 'folder',
  covered: false,
  reason: 'over the limit',
  evidence: ['392 of 400 auth_user.avatar'],
  files: 400,
  bytes: 12_000_000,
  mend: 'savepoint cover media',
};
const gone: CoverageEntry = {
  ...media,
  path: 'medja',
  reason: 'named in savepoint.json, but not there',
  evidence: [],
  files: null,
  bytes: null,
};

describe('the rows of what is not covered', () => {
  it('say what names a place, and offer to cover it where that can be done', () => {
    const server: CoverageEntry = {
      ...gone,
      path: 'localhost:5432/app',
      kind: 'server',
      reason: 'PostgreSQL cannot be saved yet',
      mend: null,
    };
    deepStrictEqual(
      [media, gone, server].map((entry) => {
        const { context, label, description } = coverageRow(entry);
        return [context, label, description];
      }),
      [
        ['coverage coverable', 'media', 'not covered · 392 of 400 auth_user.avatar'],
        ['coverage', 'medja', 'not there'],
        ['coverage', 'localhost:5432/app', 'not covered · PostgreSQL cannot be saved yet'],
      ],
    );
  });

  it('tell the reason, the evidence, the size and the line of a terminal in the tooltip', () => {
    const text = coverageTooltip(media);
    match(text, /^\*\*media\*\* is in no snapshot: over the limit/);
    match(text, /Rows name it: 392 of 400 auth\\_user\.avatar/);
    match(text, /400 files, 11 MB/);
    match(text, /In a terminal: savepoint cover media$/);
  });

  it('are those that are worth telling: what is covered and what only looks like data is not', () => {
    const idle = { ...media, path: 'tmp', evidence: [], reason: 'a cache' };
    const detection = { coverage: [{ ...media, path: 'data', covered: true }, media, gone, idle] };
    deepStrictEqual(notCoveredOf(detection), [media, gone]);
    deepStrictEqual(notCoveredOf(undefined), []);
    strictEqual(notCoveredNames([detection, {}]), 'media, medja');
  });
});
