// Django as startproject leaves it: db.sqlite3 in the project folder, uploads below MEDIA_ROOT.

import { globSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand, type ApplicationDriver, type Records } from '../support/run-application.ts';
import { file, writeTree } from '../support/tree.ts';

const manage = `#!/usr/bin/python3
import os, sys
os.environ['DJANGO_SETTINGS_MODULE'] = 'settings'
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`;

const settings = `
import os
BASE_DIR = os.path.dirname(os.path.abspath(__file__))
SECRET_KEY = 'test'
INSTALLED_APPS = ['django.contrib.contenttypes', 'django.contrib.auth', 'library']
DATABASES = {'default': {'ENGINE': 'django.db.backends.sqlite3', 'NAME': os.path.join(BASE_DIR, 'db.sqlite3')}}
DEFAULT_AUTO_FIELD = 'django.db.models.AutoField'
MEDIA_ROOT = os.path.join(BASE_DIR, 'media')
MEDIA_URL = '/media/'
`;

const models = `
from django.db import models
class Document(models.Model):
    title = models.CharField(max_length=200)
    file = models.FileField(upload_to='documents/%Y/%m')
    sha256 = models.CharField(max_length=64)
`;

const addCommand = `
import hashlib
from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand
from library.models import Document
class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument('titles', nargs='+')
    def handle(self, titles, **_):
        for title in titles:
            content = f'content of {title}\\n'.encode()
            document = Document(title=title, sha256=hashlib.sha256(content).hexdigest())
            document.file.save(f'{title}.txt', ContentFile(content))
`;

const readCommand = `
import json
from django.core.management.base import BaseCommand
from library.models import Document
def content(file):
    return file.read().decode() if file.storage.exists(file.name) else None
class Command(BaseCommand):
    def handle(self, **_):
        print(json.dumps({document.title: content(document.file) for document in Document.objects.all()}))
`;

export const django: ApplicationDriver = {
  name: 'Django',
  needs: ['django'],
  dataDirs: ['db.sqlite3', 'media'],
  start: async (project) => {
    const commands = { '__init__.py': '', 'add.py': addCommand, 'read.py': readCommand };
    await writeTree(project.dir, {
      'manage.py': file(manage, { mode: 0o755 }),
      'settings.py': settings,
      library: {
        '__init__.py': '',
        'models.py': models,
        management: { '__init__.py': '', commands },
      },
    });
    const command = (...args: readonly string[]): Promise<string> =>
      runCommand(project, './manage.py', ...args);
    await command('makemigrations', 'library');
    await command('migrate');
    return {
      add: async (titles) => {
        await command('add', ...titles);
      },
      read: async () => JSON.parse(await command('read')) as Records,
      destroy: ['./manage.py', 'flush', '--noinput'],
      faults: async () => {
        const [folder = ''] = globSync('media/documents/*/*', { cwd: project.dir });
        const [removed, stray, changed] = ['paper-3.txt', 'stray.txt', 'paper-5.txt'].map((name) =>
          join(folder, name),
        ) as [string, string, string];
        return {
          removed,
          stray,
          changed,
          told: [`changed-file ${changed}`, `missing-file ${removed}`, `orphan-file ${stray}`],
        };
      },
    };
  },
};
