import { composeOptions } from '../container-options.ts';
import type { ToolRule } from '../../layouts/tool-rule.ts';

// Clients of databases, and containers.

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
