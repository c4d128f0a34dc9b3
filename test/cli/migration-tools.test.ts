// Real migrations of real tools, guarded end to end: migrate, break, undo. The tools are Debian's.

import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cliProject, type CliProject } from '../support/cli.ts';
import { needs } from '../support/needs.ts';
import { rows } from '../support/sqlite.ts';

const python = '/usr/bin/python3';

const alembicEnvironment = `
from alembic import context
from sqlalchemy import create_engine
with create_engine('sqlite:///data/app.db').connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
`;

const alembicFirst = `
from alembic import op
import sqlalchemy as sa
revision, down_revision = 'a1', None
def upgrade():
    users = op.create_table('users', sa.Column('name', sa.String))
    op.bulk_insert(users, [{'name': 'ada'}, {'name': 'bob'}])
def downgrade():
    op.drop_table('users')
`;

const djangoSettings = `
SECRET_KEY = 'test'
INSTALLED_APPS = ['people']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': 'data/app.db'}}
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
`;

const djangoManage = `#!${python}
import os, sys
os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`;

const djangoFirst = `
from django.db import migrations, models
class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel('Person', [('id', models.AutoField(primary_key=True)), ('name', models.TextField())]),
        migrations.RunSQL("INSERT INTO people_person (name) VALUES ('ada'), ('bob')"),
    ]
`;

/** Empties the table, then fails outside of any transaction: the rows are gone for good. */
const djangoBroken = `
from django.db import migrations
def fail(apps, schema_editor):
    raise RuntimeError('broken half way')
class Migration(migrations.Migration):
    atomic = False
    dependencies = [('people', '0001_first')]
    operations = [migrations.RunSQL('DELETE FROM people_person'), migrations.RunPython(fail)]
`;

describe('a migration that goes wrong, under savepoint run --match', () => {
  needs('alembic', 'django');

  function guarded(project: CliProject, ...command: readonly string[]) {
    const { code, stderr } = project.savepoint('run', '--match', '--', ...command);
    return { code, saved: /undo: savepoint restore (\w+)/.exec(stderr)?.[1], stderr };
  }

  function names(project: CliProject, table: string): unknown {
    return rows(join(project.dir, 'data/app.db'), `SELECT name FROM ${table} ORDER BY name`);
  }

  it('of Alembic: its downgrade drops a table, and the table comes back', async () => {
    const project = await cliProject({
      data: {},
      'alembic.ini': '[alembic]\nscript_location = migrations\n',
      migrations: { 'env.py': alembicEnvironment, versions: { 'a1_first.py': alembicFirst } },
    });
    const alembic = [python, '-m', 'alembic'];
    strictEqual(guarded(project, ...alembic, 'upgrade', 'head').code, 0);
    strictEqual(guarded(project, ...alembic, 'current').saved, undefined);
    const before = names(project, 'users');
    const { code, saved = '' } = guarded(project, ...alembic, 'downgrade', 'base');
    strictEqual(code, 0);
    project.json(0, 'restore', saved, '--yes');
    deepStrictEqual(names(project, 'users'), before);
  }).timeout(120_000);

  it('of Django: half a migration ran, and both rows and the record of migrations come back', async () => {
    const project = await cliProject({
      data: {},
      'settings.py': djangoSettings,
      people: {
        '__init__.py': '',
        migrations: { '__init__.py': '', '0001_first.py': djangoFirst },
      },
    });
    writeFileSync(join(project.dir, 'manage.py'), djangoManage, { mode: 0o755 });
    strictEqual(guarded(project, './manage.py', 'migrate').code, 0);
    const before = names(project, 'people_person');
    const applied = names(project, 'django_migrations');
    writeFileSync(join(project.dir, 'people/migrations/0002_broken.py'), djangoBroken);
    strictEqual(guarded(project, './manage.py', 'showmigrations').saved, undefined);
    const { code, saved = '', stderr } = guarded(project, './manage.py', 'migrate');
    deepStrictEqual([code, names(project, 'people_person')], [1, []], stderr);
    project.json(0, 'restore', saved, '--yes');
    deepStrictEqual(names(project, 'people_person'), before);
    deepStrictEqual(names(project, 'django_migrations'), applied);
  }).timeout(120_000);
});
