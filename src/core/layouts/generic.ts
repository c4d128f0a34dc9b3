// A folder of state that no known system claims.

import type { Layout } from './layout.ts';

export const generic: Layout = {
  id: 'generic',
  cues: [],
  marks: [],
  roots: ['.'],
  parts: [],
  exclusions: [
    { pattern: 'tmp/', reason: 'temporary files' },
    { pattern: 'temp/', reason: 'temporary files' },
    { pattern: 'lost+found/', reason: 'of the file system' },
    { pattern: 'backups/', reason: 'backups that the application makes itself' },
    { pattern: 'backup/', reason: 'backups that the application makes itself' },
  ],
  jsonFiles: [],
  references: () => [],
  guardRules: [],
};
