// Guard rules of systems that no layout recognises: their commands are known, their data is not.

import { startIsMigration, startsInContainer, type ToolRule } from './tool-rule.ts';

export const rulesWithoutLayout: readonly ToolRule[] = [
  {
    tool: 'AtoCore',
    programs: ['atocore.main', 'atocore.main:app', 'atocore'],
    destructive: [''],
    why: startIsMigration,
  },
  {
    tool: 'AtoCore',
    programs: ['atocore.ops.backup'],
    destructive: ['restore'],
    harmless: ['create|list|validate'],
    why: 'overwrites the database, the registry and the vectors',
  },
  {
    tool: 'tiny-forge',
    programs: ['tinyforge', 'tiny-forge', 'docker-watcher'],
    destructive: [''],
    why: startIsMigration,
  },
  {
    tool: 'tiny-forge',
    programs: ['go'],
    destructive: ['run ./cmd/server|cmd/server|./cmd/server/main.go|cmd/server/main.go'],
    layout: 'tiny-forge',
    why: startIsMigration,
  },
  {
    tool: 'tiny-forge',
    programs: ['dev-server.sh'],
    destructive: [''],
    layout: 'tiny-forge',
    why: startIsMigration,
  },
  {
    tool: 'doco',
    programs: [
      'storage_manager.sh',
      'storage_manager',
      'storage_manager.py',
      'app.management.storage_manager',
    ],
    destructive: ['storage purge|prune-size', 'sessions purge', 'purge|prune-size'],
    harmless: ['storage list|stats', 'sessions list'],
    why: 'deletes stored documents',
  },
  {
    tool: 'doco',
    programs: ['restore_backup.sh'],
    destructive: [''],
    why: 'overwrites the data',
  },
  {
    tool: 'Weavestream',
    programs: ['cli', 'weavestream'],
    destructive: ['reencrypt-passwords'],
    layout: 'weavestream',
    why: 'rewrites every encrypted value',
  },
  ...['weavestream', 'atocore', 'tiny-forge'].flatMap(startsInContainer),
];
