// Clients of databases, containers, and servers whose start is a migration.

import { composeOptions } from '../guard/container-options.ts';
import type { ToolRule } from '../guard/tool-rule.ts';

const startIsMigration = 'migrates the database when it starts';

export const databaseClients: readonly ToolRule[] = [
  {
    tool: 'PostgreSQL',
    programs: ['dropdb', 'pg_restore', 'dropuser'],
    destructive: ['*', '-d|--dbname'],
    harmless: ['--list|-l'],
    why: 'overwrites or drops a database',
  },
  {
    tool: 'MySQL',
    programs: ['mysqladmin'],
    destructive: ['... drop|flush-*'],
    why: 'drops a database',
  },
  {
    tool: 'Redis, MongoDB',
    programs: ['redis-cli', 'mongorestore'],
    valueOptions: ['-h', '-p', '-a', '-n', '-u', '--user'],
    destructive: ['... flushall|flushdb', '--drop'],
    why: 'empties a database',
  },
];

export const dockerTools: readonly ToolRule[] = [
  {
    tool: 'Docker Compose',
    programs: ['docker-compose', 'podman-compose'],
    valueOptions: composeOptions,
    destructive: ['down -v|--volumes', 'rm -v|--volumes', 'up -V|--renew-anon-volumes'],
    why: 'deletes volumes',
  },
  {
    tool: 'Docker',
    programs: ['docker', 'podman', 'nerdctl'],
    valueOptions: [...composeOptions, '-H', '--host', '--context', '-c'],
    destructive: [
      'compose down -v|--volumes',
      'compose rm -v|--volumes',
      'compose up -V|--renew-anon-volumes',
      'volume rm|remove|prune',
      'system prune --volumes',
      'rm -v|--volumes',
      'container rm -v|--volumes',
    ],
    harmless: ['volume ls|inspect|create'],
    why: 'deletes volumes',
  },
];

/** Servers and tools of the systems whose data has a layout of its own. */
export const systems: readonly ToolRule[] = [
  {
    tool: 'docsfy',
    programs: ['docsfy-server', 'docsfy.main', 'docsfy.main:app'],
    destructive: [''],
    why: startIsMigration,
  },
  {
    tool: 'docsfy',
    programs: ['docsfy'],
    destructive: ['delete', 'generate --force', 'admin users delete|rotate-key', 'server|serve'],
    harmless: ['list|status|config'],
    why: 'deletes or rewrites projects',
  },
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
  // A container of these migrates as it starts.
  ...['docsfy', 'weavestream', 'atocore', 'tiny-forge'].flatMap((layout) => [
    {
      tool: layout,
      programs: ['docker', 'podman', 'nerdctl'],
      valueOptions: ['-f', '--file', '-p', '--project-name', '--profile', '--env-file'],
      destructive: ['compose up|start|restart'],
      layout,
      why: startIsMigration,
    },
    {
      tool: layout,
      programs: ['docker-compose', 'podman-compose'],
      valueOptions: ['-f', '--file', '-p', '--project-name', '--profile', '--env-file'],
      destructive: ['up|start|restart'],
      layout,
      why: startIsMigration,
    },
  ]),
];
