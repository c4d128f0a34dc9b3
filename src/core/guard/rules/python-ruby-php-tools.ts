// Migration and seed tools of Python, Ruby, PHP and Elixir.

import type { ToolRule } from '../../layouts/tool-rule.ts';

const runsMigrations = 'changes the schema and the rows of the database';

export const pythonTools: readonly ToolRule[] = [
  {
    tool: 'Alembic',
    programs: ['alembic'],
    valueOptions: ['-c', '--config', '-n', '--name', '-x'],
    destructive: ['upgrade|downgrade|stamp'],
    harmless: [
      'upgrade|downgrade|stamp --sql',
      'history|heads|current|branches|show|revision|check|merge|init|edit|list_templates',
    ],
    why: runsMigrations,
  },
  {
    tool: 'Flask-Migrate',
    programs: ['flask'],
    valueOptions: ['--app', '-A', '-e', '--env-file'],
    destructive: [
      'db upgrade|downgrade|stamp',
      'init-db|drop-db|reset-db|seed-db|recreate-db|create-db',
      'seed',
      'seed *',
    ],
    harmless: [
      'db upgrade|downgrade|stamp --sql',
      'db migrate|revision|history|heads|current|branches|show|check|merge|init|edit',
      'run|shell|routes',
    ],
    why: runsMigrations,
  },
  {
    tool: 'Django',
    programs: ['manage.py', 'django-admin', 'django'],
    valueOptions: ['--settings', '--pythonpath', '--database', '-v'],
    destructive: [
      'migrate|flush|reset_db|loaddata|sqlclear|remove_stale_contenttypes|clearsessions|reset_schema|flush_expired_tokens',
    ],
    harmless: [
      'migrate --plan|--check|--list|-l',
      'makemigrations|showmigrations|sqlmigrate|sqlflush|check|test|shell|dumpdata|inspectdb|collectstatic|runserver|createsuperuser',
    ],
    why: runsMigrations,
  },
  {
    tool: 'Tortoise, yoyo, piccolo',
    programs: ['aerich', 'yoyo', 'piccolo', 'pw_migrate', 'masonite', 'craft'],
    destructive: [
      'upgrade|downgrade',
      'apply|rollback|reapply|develop',
      'migrations forwards|backwards',
      'migrate',
      'migrate:*',
      'rollback',
      'init-db',
      'seed:run',
    ],
    harmless: [
      'history|heads|init|migrate --empty',
      'new|list|showmigrations',
      'migrations new|check|list',
      'migrate:status',
    ],
    why: runsMigrations,
  },
];

export const rubyAndPhpTools: readonly ToolRule[] = [
  {
    tool: 'Rails',
    programs: ['rails', 'rake', 'hanami', 'hanami-cli'],
    destructive: [
      'db:migrate|db:migrate:*|db:rollback|db:rollback:*|db:forward',
      'db:reset|db:reset:*|db:drop|db:drop:*|db:setup|db:setup:*|db:prepare|db:purge|db:purge:*',
      'db:schema:load|db:schema:load:*|db:structure:load|db:structure:load:*',
      'db:seed|db:seed:*|db:fixtures:load|db:truncate_all|db:_dump_load',
      'db migrate|rollback|drop|reset|prepare|seed|structure',
      // Several tasks in one call.
      '... db:migrate|db:reset|db:drop|db:setup|db:schema:load|db:seed|db:rollback',
    ],
    harmless: ['db:migrate:status', 'db:test:*', 'generate|g|server|s|console|c|routes|test'],
    why: runsMigrations,
  },
  {
    tool: 'Sequel',
    programs: ['sequel'],
    destructive: ['-m|--migrate-directory', '-c'],
    why: runsMigrations,
  },
  {
    tool: 'Laravel',
    programs: ['artisan', 'sail'],
    destructive: [
      'migrate',
      'migrate:fresh|migrate:refresh|migrate:reset|migrate:rollback',
      'db:wipe|db:seed',
      'schema:dump --prune',
      'artisan migrate',
      'artisan migrate:fresh|migrate:refresh|migrate:reset|migrate:rollback',
      'artisan db:wipe|db:seed',
      'down -v|--volumes',
      'tenants:migrate*',
      'module:migrate*',
      'scout:flush',
    ],
    harmless: [
      'migrate --pretend',
      'artisan migrate --pretend',
      'migrate:status|migrate:install',
      'artisan migrate:status',
      'make:*',
      'db:show|db:table|db:monitor',
    ],
    why: runsMigrations,
  },
  {
    tool: 'CodeIgniter, Yii',
    programs: ['spark', 'yii'],
    destructive: [
      'migrate|migrate:refresh|migrate:rollback|migrate:down|db:seed',
      'migrate/up|migrate/down|migrate/redo|migrate/to|migrate/fresh|fixture|fixture/load',
    ],
    harmless: ['migrate:status|make:*', 'migrate/create|migrate/history|migrate/new'],
    why: runsMigrations,
  },
  {
    tool: 'Doctrine, Symfony',
    programs: ['console', 'doctrine', 'doctrine-migrations', 'phinx', 'bin/cake'],
    valueOptions: ['-e', '--env', '-c', '--configuration'],
    destructive: [
      'doctrine:migrations:migrate|doctrine:migrations:execute|doctrine:migrations:rollup',
      'doctrine:schema:update|doctrine:schema:drop|doctrine:schema:create --force|-f',
      'doctrine:database:drop|doctrine:database:import',
      'doctrine:fixtures:load|hautelook:fixtures:load',
      'd:m:m|d:d:d|d:f:l|d:s:u',
      'migrations:migrate|migrations:execute',
      'orm:schema-tool:drop|orm:schema-tool:update',
      'migrate|rollback',
      'seed:run',
    ],
    harmless: [
      'doctrine:migrations:diff|doctrine:migrations:status|doctrine:migrations:list|doctrine:migrations:generate',
      'doctrine:schema:validate',
      'status|create|breakpoint',
      'seed:create',
    ],
    why: runsMigrations,
  },
  {
    tool: 'Phoenix, Ecto',
    programs: ['mix'],
    destructive: [
      'ecto.migrate|ecto.rollback|ecto.drop|ecto.reset|ecto.setup|ecto.load|ecto.seed',
      'do ... ecto.migrate|ecto.rollback|ecto.drop|ecto.reset',
      'ash.migrate|ash.rollback|ash.reset|ash.tear_down|ash_sqlite.migrate|ash_sqlite.rollback|ash_sqlite.drop',
      'run *seed*',
      'setup',
    ],
    harmless: [
      'ecto.migrations|ecto.create|ecto.dump',
      'ecto.gen.*',
      'phx.*',
      'test|compile|format|deps.get',
    ],
    why: runsMigrations,
  },
];
