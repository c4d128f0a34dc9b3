import { strictEqual } from 'node:assert/strict';
import fc from 'fast-check';
import { isComposeFile } from '../../../src/engine/detect/compose-files.ts';
import { pathInValue, variableKind } from '../../../src/engine/detect/data-variables.ts';
import { interpolate, isEnvFile } from '../../../src/engine/detect/env-files.ts';

describe('interpolate', () => {
  const variables = { A: 'x', EMPTY: '', SELF: '${SELF}', B: '${A}/b', __proto__x: 'p' };
  const cases: [value: string, expected: string][] = [
    ['plain', 'plain'],
    ['$A/${A}', 'x/x'],
    ['$$A', '$A'],
    ['${MISSING}', ''],
    ['${MISSING:-d}', 'd'],
    ['${MISSING-d}', 'd'],
    ['${EMPTY:-d}', 'd'],
    ['${EMPTY-d}', ''],
    ['${A:-d}', 'x'],
    ['${A:+set}${EMPTY:+set}${EMPTY+set}', 'setset'],
    ['${A:?needed}', 'x'],
    ['${MISSING:?needed}', ''],
    ['${MISSING:-${A}}', 'x'],
    ['${MISSING:-./data}/x:/y', './data/x:/y'],
    ['$B', 'x/b'],
    ['${constructor}$hasOwnProperty', ''],
    ['5$ and $ {A}', '5$ and $ {A}'],
  ];
  for (const [value, expected] of cases) {
    it(`makes ${JSON.stringify(expected)} of ${value}`, () => {
      strictEqual(interpolate(value, variables), expected);
    });
  }

  it('never puts a secret into what is shown as a path', () => {
    const secrets = {
      API_KEY: 'v',
      DB_PASSWORD: 'v',
      AUTH_TOKEN: 'v',
      MY_SECRET_2: 'v',
      KEYBOARD: 'k',
    };
    strictEqual(
      interpolate('/$API_KEY/${DB_PASSWORD}/${AUTH_TOKEN:-d}/$MY_SECRET_2/$KEYBOARD', secrets),
      '///d//k',
    );
  });

  it('ends on a variable that refers to itself', () => {
    strictEqual(interpolate('$SELF', variables), '${SELF}');
  });

  it('never throws and leaves text without a dollar sign alone', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        interpolate(text, variables);
        const plain = text.replaceAll('$', '');
        strictEqual(interpolate(plain, variables), plain);
      }),
    );
  });
});

describe('variableKind', () => {
  const cases: [kind: ReturnType<typeof variableKind>, names: string[]][] = [
    [
      'data',
      ['DATA_DIR', 'DATADIR', 'data_dir', 'DATA_FOLDER', 'VAULT_DATA_FOLDER', 'GOFR_DOC_DATA_DIR'],
    ],
    [
      'data',
      [
        'APP_DATA_PATH',
        'X_DATA_PATH',
        'DATA_DIRECTORY',
        'STATE_DIRECTORY',
        'MEMOS_DATA',
        'N8N_USER_FOLDER',
      ],
    ],
    [
      'files',
      [
        'UPLOAD_DIR',
        'UPLOADS_DIR',
        'PAPERLESS_MEDIA_ROOT',
        'STORAGE_LOCAL_ROOT',
        'FILE_STORAGE_DIR',
      ],
    ],
    ['database', ['DB_PATH', 'DB_FILENAME', 'DATABASE_FILE', 'DATABASE_URL', 'SQLITE_DB_PATH']],
    [
      undefined,
      [
        'DATA',
        'METADATA_URL',
        'UPDATE_DIR',
        'CACHE_DATA_DIR',
        'BACKUP_STORAGE_DIR',
        'TEST_DATA_DIR',
      ],
    ],
    [
      undefined,
      ['PATH', 'HOME', 'LOG_DIR', 'TMP_DATA_DIR', 'DATA_DIR_MODE', 'STATIC_ROOT', 'SECRET_DATA'],
    ],
  ];
  for (const [kind, names] of cases) {
    it(`takes ${names.join(', ')} for ${kind ?? 'nothing'}`, () => {
      for (const name of names) strictEqual(variableKind(name), kind, name);
    });
  }
});

describe('pathInValue', () => {
  const cases: [value: string, kind: 'data' | 'database', expected: string | undefined][] = [
    ['./data', 'data', './data'],
    [' data ', 'data', 'data'],
    ['', 'data', undefined],
    ['s3://bucket/x', 'data', undefined],
    ['a\nb', 'data', undefined],
    ['postgres://user:secret@host/db', 'database', undefined],
    ['mysql://user:secret@host/db', 'database', undefined],
    ['file:./dev.db', 'database', './dev.db'],
    ['file:./dev.db?connection_limit=1', 'database', './dev.db'],
    ['file:///srv/x.db', 'database', '/srv/x.db'],
    ['sqlite:///x.db', 'database', 'x.db'],
    ['sqlite:////srv/x.db', 'database', '/srv/x.db'],
    ['sqlite://x.db', 'database', 'x.db'],
    ['sqlite:x.db', 'database', 'x.db'],
    ['sqlite::memory:', 'database', ':memory:'],
    ['sqlite3', 'database', undefined],
    ['C:\\data', 'data', 'C:\\data'],
  ];
  for (const [value, kind, expected] of cases) {
    it(`reads ${JSON.stringify(value)} as ${expected ?? 'no path'}`, () => {
      strictEqual(pathInValue(value, kind), expected);
    });
  }
});

describe('names of files', () => {
  it('knows the env files that applications read', () => {
    for (const name of ['.env', '.env.local', '.env.development', '.env.production.local']) {
      strictEqual(isEnvFile(name), true, name);
    }
    for (const name of [
      '.env.example',
      '.env.sample',
      '.env.template',
      '.env.test',
      '.env.vault',
      '.envrc',
      '.environment',
    ]) {
      strictEqual(isEnvFile(name), false, name);
    }
  });

  it('knows compose files', () => {
    for (const name of [
      'compose.yaml',
      'compose.yml',
      'docker-compose.yml',
      'docker-compose.dev.yaml',
      'compose.override.yaml',
      'docker-compose-prod.yml',
    ]) {
      strictEqual(isComposeFile(name), true, name);
    }
    for (const name of ['compose.json', 'decompose.yaml', 'composer.yml', 'compose.yaml.bak']) {
      strictEqual(isComposeFile(name), false, name);
    }
  });
});
