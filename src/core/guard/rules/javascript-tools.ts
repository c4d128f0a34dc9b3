// Migration and seed tools of JavaScript.

import type { ToolRule } from '../../layouts/tool-rule.ts';

const runsMigrations = 'changes the schema and the rows of the database';

export const javascriptTools: readonly ToolRule[] = [
  {
    tool: 'Prisma',
    programs: ['prisma', 'prisma-client-py', 'zenstack'],
    valueOptions: ['--schema', '--config', '--name', '-n'],
    destructive: [
      'migrate reset|dev|deploy|resolve',
      'db push|seed|execute',
      // Prisma 1 and early previews.
      'migrate up|down|save',
    ],
    harmless: [
      'migrate --create-only',
      'migrate status|diff',
      'db pull',
      'generate|validate|format',
    ],
    why: runsMigrations,
  },
  {
    tool: 'Drizzle',
    programs: ['drizzle-kit'],
    valueOptions: ['--config', '--dialect', '--schema', '--url'],
    destructive: ['push', 'push:*', 'migrate'],
    harmless: [
      'generate',
      'generate:*',
      'check',
      'check:*',
      'studio',
      'introspect',
      'pull',
      'export',
      'up',
      'drop',
    ],
    why: runsMigrations,
  },
  {
    tool: 'Knex',
    programs: ['knex', 'knex-migrate'],
    valueOptions: [
      '--knexfile',
      '--cwd',
      '--env',
      '--client',
      '--connection',
      '--migrations-directory',
    ],
    destructive: [
      'migrate:latest|migrate:up|migrate:down|migrate:rollback',
      'seed:run',
      'up|down|rollback|redo',
    ],
    harmless: [
      'migrate:make|migrate:list|migrate:status|migrate:currentVersion',
      'seed:make',
      'list|pending|generate',
    ],
    why: runsMigrations,
  },
  {
    tool: 'TypeORM',
    programs: ['typeorm', 'typeorm-ts-node-esm', 'typeorm-ts-node-commonjs', 'typeorm-extension'],
    valueOptions: ['-d', '--dataSource', '-f', '--config'],
    destructive: [
      'migration:run|migration:revert',
      'schema:drop|schema:sync',
      'query',
      'seed:run',
      'db:drop',
    ],
    harmless: ['migration:create|migration:generate|migration:show', 'schema:log', 'cache:clear'],
    why: runsMigrations,
  },
  {
    tool: 'Sequelize',
    programs: ['sequelize', 'sequelize-cli', 'umzug'],
    valueOptions: ['--config', '--env', '--url', '--migrations-path'],
    destructive: ['db:migrate', 'db:migrate:undo*', 'db:drop', 'db:seed', 'db:seed:*', 'up|down'],
    harmless: [
      'db:migrate:status',
      'db:create',
      'migration:*',
      'model:*',
      'seed:generate',
      'pending|executed|create',
    ],
    why: runsMigrations,
  },
  {
    tool: 'MikroORM',
    programs: ['mikro-orm', 'mikro-orm-esm'],
    valueOptions: ['--config', '--contextName'],
    destructive: [
      'migration:up|migration:down|migration:fresh',
      'schema:drop|schema:update|schema:fresh|schema:create --run|-r',
      'seeder:run',
      'database:import|database:drop',
    ],
    harmless: [
      'migration:create|migration:list|migration:pending|migration:check',
      'schema:drop|schema:update|schema:create --dump|-d',
      'seeder:create|debug|generate-entities|database:create',
    ],
    why: runsMigrations,
  },
  {
    tool: 'AdonisJS',
    programs: ['ace'],
    destructive: [
      'migration:run|migration:rollback|migration:reset|migration:refresh|migration:fresh',
      'db:wipe|db:seed|db:truncate',
    ],
    harmless: ['migration:status', 'make:*'],
    why: runsMigrations,
  },
  {
    tool: 'Payload',
    programs: ['payload'],
    destructive: ['migrate', 'migrate:up|migrate:down|migrate:refresh|migrate:reset|migrate:fresh'],
    harmless: ['migrate:create|migrate:status', 'generate:*'],
    why: runsMigrations,
  },
  {
    tool: 'Strapi, Directus',
    programs: ['strapi', 'directus'],
    destructive: ['import|transfer', 'database migrate:*', 'schema apply', 'bootstrap'],
    harmless: ['schema apply --dry-run', 'export', 'schema snapshot'],
    why: runsMigrations,
  },
  {
    tool: 'node-pg-migrate, db-migrate',
    programs: ['node-pg-migrate', 'db-migrate', 'postgrator', 'kysely', 'zapatos'],
    valueOptions: ['-e', '--env', '--config', '-m'],
    destructive: [
      'up|up:*|down|down:*|redo|reset|reset:*',
      'migrate',
      'migrate:latest|migrate:up|migrate:down|migrate:rollback',
      'seed run',
      'db:drop',
      'seed:run',
    ],
    harmless: ['create', 'check', 'migrate:make|migrate:list', 'seed:make'],
    why: runsMigrations,
  },
  {
    tool: 'Wrangler',
    programs: ['wrangler'],
    destructive: ['d1 execute', 'd1 delete', 'd1 migrations apply', 'd1 time-travel restore'],
    harmless: ['d1 migrations list|create', 'd1 list|info|export'],
    why: runsMigrations,
  },
];
