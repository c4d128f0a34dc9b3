import { deepStrictEqual, match, ok, strictEqual } from 'node:assert/strict';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { findDataDirs } from '../../../src/engine/detect/find-data-dirs.ts';
import { searchBounds } from '../../../src/engine/detect/project-search.ts';
import type { FoundDataDirs } from '../../../src/engine/detect/found.ts';
import { engineOptions } from '../../support/engine-options.ts';
import { database } from '../../support/sqlite.ts';
import { directory, fifo, symlink, tree } from '../../support/tree.ts';
import type { Tree } from '../../support/tree.ts';

interface Setting {
  readonly allowed?: readonly string[];
  readonly trusted?: boolean;
  readonly storeDir?: string;
  readonly home?: string;
}

function find(root: string, setting: Setting = {}): FoundDataDirs {
  const storeDir = setting.storeDir ?? '/nowhere/savepoint-store';
  const env = { HOME: setting.home ?? '/nowhere/home' };
  const options = engineOptions({ storeDir, env, trusted: setting.trusted ?? true });
  return findDataDirs(root, { options, allowed: setting.allowed ?? [], storeDir });
}

/** `path layout confidence`, with `: roots` where it is not captured as a whole. */
function summary(found: FoundDataDirs): string[] {
  return found.dataDirs.map(({ path, layout, confidence, roots }) => {
    const parts = roots.length === 1 && roots[0] === path ? '' : `: ${roots.join(' ')}`;
    return `${path} ${layout} ${confidence}${parts}`;
  });
}

function rejected(found: FoundDataDirs): string[] {
  return found.rejected.map(({ path, reason }) => `${path}: ${reason}`);
}

/** An index of git, version 2. */
function gitIndex(names: readonly string[]): Buffer {
  const head = Buffer.from('DIRC\0\0\0\x02\0\0\0\0', 'latin1');
  head.writeUInt32BE(names.length, 8);
  const entries = names.map((name) => {
    const bytes = Buffer.alloc(Math.ceil((62 + name.length + 1) / 8) * 8);
    bytes.write(name, 62);
    return bytes;
  });
  return Buffer.concat([head, ...entries]);
}

const docsfy: Tree = {
  'docsfy.db': database('CREATE TABLE projects(name, branch, ai_provider)'),
  'projects/_default/': {},
};
const db = database();

type Case = [what: string, files: Tree, expected: readonly string[]];

function check(cases: readonly Case[]): void {
  for (const [what, files, expected] of cases) {
    it(what, async () => {
      deepStrictEqual(summary(find(await tree(files))), expected);
    });
  }
}

describe('findDataDirs', () => {
  describe('finds nothing', () => {
    const nothing: [string, Tree][] = [
      ['in an empty folder', {}],
      ['in source code', { 'src/a.ts': 'x', 'package.json': '{}', '.git/HEAD': 'x' }],
      ['in a data folder without a database', { 'data/a.json': '{}', 'data/b/c.csv': 'x' }],
      ['in an empty data folder', { 'data/': {}, '.env': 'DATA_DIR=data' }],
      [
        'in a data folder with a placeholder alone',
        { 'data/.gitkeep': '', '.env': 'DATA_DIR=data' },
      ],
      ['in a file that is only named like a database', { 'data/app.db': 'text', 'x.sqlite': 'y' }],
      ['in an empty file named like a database', { 'data/app.db': '' }],
      ['in node_modules', { 'node_modules/x/data/a.db': db, 'apps/a/node_modules/b.sqlite': db }],
      ['in .git', { '.git/data/a.db': db }],
      ['in build output', { 'dist/data/a.db': db, 'target/a.db': db, '.next/cache/a.db': db }],
      ['in a virtual environment', { 'myenv/pyvenv.cfg': '', 'myenv/data/a.db': db }],
      ['in a cache that says so', { 'stuff/CACHEDIR.TAG': '', 'stuff/data/a.db': db }],
      ['in caches by their names', { '.cache/a.db': db, '.mypy_cache/3/a.db': db, '.nx/a.db': db }],
      ['among tests', { 'tests/data/a.db': db, 'src/__fixtures__/b.sqlite': db }],
      ['in a linked work tree', { 'wt/.git': 'gitdir: /x/.git/worktrees/wt', 'wt/data/a.db': db }],
      ['where DATA_DIR leads nowhere', { '.env': 'DATA_DIR=./gone' }],
      ['where an example alone names it', { '.env.example': 'DATA_DIR=./x', 'x/a.txt': 'x' }],
      ['where DATA_DIR is a URL', { '.env': 'DATA_DIR=s3://bucket/data' }],
      ['in a folder of pipes', { 'data/app.db': fifo() }],
      [
        'where compose files are broken',
        { 'compose.yaml': '{{{', 'docker-compose.yml': '- a\n- b' },
      ],
    ];
    check(nothing.map(([what, files]) => [what, files, []]));
  });

  describe('by name', () => {
    const names = ['data', '.data', 'pb_data', 'storage', 'db', 'var', 'instance', '.dev/data'];
    check(
      names.map((name) => [
        `finds ${name} with a SQLite database`,
        { [`${name}/a.db`]: db, [`${name}/b.txt`]: 'x' },
        [`${name} generic likely`],
      ]),
    );
    check([
      [
        'finds databases with any name',
        { 'data/deep/er/no-extension': db, 'storage/x.bin': db },
        ['data generic likely', 'storage generic likely'],
      ],
      [
        'finds one whose header is hidden by encryption through its log',
        { 'data/app.db': Buffer.alloc(4096, 7), 'data/app.db-wal': 'x' },
        ['data generic likely'],
      ],
      [
        'finds those of a monorepo',
        { 'apps/a/data/a.db': db, 'apps/b/data/b.db': db, 'packages/x/y/.data/c.db': db },
        [
          'apps/a/data generic likely',
          'apps/b/data generic likely',
          'packages/x/y/.data generic likely',
        ],
      ],
      [
        'finds those of clones and submodules in the folder',
        {
          'a/.git/HEAD': 'x',
          'a/data/a.db': db,
          'b/.git': 'gitdir: ../.git/modules/b',
          'b/data/b.db': db,
        },
        ['a/data generic likely', 'b/data generic likely'],
      ],
      [
        'gives nested folders to the outermost',
        { 'data/a.db': db, 'data/storage/b.db': db, 'var/x/db/c.db': db },
        ['data generic likely', 'var generic likely'],
      ],
      [
        'takes the databases alone where source code lies beside them',
        {
          'db/dev.sqlite3': db,
          'db/test.sqlite3': db,
          'db/schema.rb': '',
          'db/migrate/1_a.rb': '',
        },
        ['db generic guess: db/dev.sqlite3 db/test.sqlite3'],
      ],
      [
        'takes a data folder as a whole whatever sources lie in it among other files',
        {
          'data/app.db': db,
          'data/settings.js': 'module.exports = {}',
          'data/nodes/package.json': '{}',
          'data/uploads/': { 'homework.py': 'x', 'a.png': 'x', 'b.png': 'x', 'c.png': 'x' },
          'data/key': 'x',
        },
        ['data generic likely'],
      ],
      [
        'takes the databases alone where hardly anything but source code lies beside them',
        {
          'db/app.db': db,
          'db/queries/': { 'a.ts': 'x', 'b.ts': 'x', 'c.sql': 'x' },
          'db/README.md': 'x',
          'db/.gitkeep': '',
        },
        ['db generic guess: db/app.db'],
      ],
      [
        'takes the databases alone where .git lies beside them',
        { 'data/.git/HEAD': 'x', 'data/a.db': db },
        ['data generic guess: data/a.db'],
      ],
      [
        'does not take what a link in it leads to for its own',
        { 'data/a.db': db, 'data/l': symlink('../src'), 'src/a.ts': '' },
        ['data generic likely'],
      ],
      [
        'looks past a source folder to the data folder in it',
        { 'db/index.ts': '', 'db/data/a.db': db },
        ['db/data generic likely'],
      ],
      [
        'follows a link to a folder inside once',
        { data: symlink('real/place'), 'real/place/a.bin': db },
        ['real/place generic likely'],
      ],
      [
        'does not run in circles',
        { 'data/loop': symlink('..'), 'data/a.db': db },
        ['data generic likely'],
      ],
    ]);
  });

  describe('databases by themselves', () => {
    check([
      [
        'finds them in the project folder without taking its source code',
        { 'db.sqlite3': db, 'app.db': db, 'manage.py': '', '.git/HEAD': 'x' },
        ['app.db generic guess', 'db.sqlite3 generic guess'],
      ],
      [
        'finds those of one folder as one',
        { 'prisma/dev.db': db, 'prisma/shadow.db': db, 'prisma/schema.prisma': '' },
        ['prisma generic guess: prisma/dev.db prisma/shadow.db'],
      ],
      [
        'finds them under any name, and under none',
        {
          'books.gnucash': db,
          'site/repo.fossil': db,
          'maps/town.gpkg': db,
          'maps/notes.txt': 'x',
          session_store: db,
          'picture.png': db,
        },
        [
          'books.gnucash generic guess',
          'maps generic guess: maps/town.gpkg',
          'session_store generic guess',
          'site generic guess: site/repo.fossil',
        ],
      ],
      ['finds the one of Strapi', { '.tmp/data.db': db }, ['.tmp generic guess: .tmp/data.db']],
      [
        'finds one that a variable names',
        { '.env': 'DATABASE_URL="file:./odd/name"', 'odd/name': db },
        ['odd generic likely: odd/name'],
      ],
      [
        'does not list one twice that lies in a data directory',
        { '.env': 'DATABASE_PATH=data/a.db', 'data/a.db': db },
        ['data generic likely'],
      ],
    ]);
  });

  describe('by settings of frameworks', () => {
    check([
      [
        'finds media of Django, whether the folder is joined or divided',
        {
          'site/settings.py':
            "BASE_DIR = Path(__file__).parent.parent\nMEDIA_ROOT = BASE_DIR / 'user' / 'media'\n",
          'user/media/a.png': 'x',
          'other/conf/settings.py': 'MEDIA_ROOT = os.path.join(BASE_DIR, "pictures")',
          'other/pictures/b.png': 'x',
        },
        ['other/pictures generic likely', 'user/media generic likely'],
      ],
      [
        'finds the disks of Laravel, the storage of Rails, the files of MediaWiki',
        {
          'a/config/filesystems.php':
            "<?php return ['local' => [\n  'root' => storage_path('app/private'),\n]];",
          'a/storage/app/private/x.pdf': 'x',
          'b/config/storage.yml':
            'local:\n  service: Disk\n  root: <%= Rails.root.join("blobs") %>\ntest:\n  root: <%= Rails.root.join("tmp/storage") %>\n',
          'b/blobs/ab/cd/abcd': 'x',
          'b/tmp/storage/x': 'x',
          'c/LocalSettings.php': '<?php\n$wgUploadDirectory = "$IP/pics";\n',
          'c/pics/1/12/Cat.jpg': 'x',
        },
        ['a/storage/app/private generic likely', 'b/blobs generic likely', 'c/pics generic likely'],
      ],
      [
        'takes nothing that is not there, nor the project itself',
        {
          'site/settings.py': "MEDIA_ROOT = BASE_DIR\nMEDIA_ROOT = 'gone'\n",
          'config.py': "UPLOAD_FOLDER = '/'",
        },
        [],
      ],
    ]);
  });

  describe('by variables', () => {
    const variables = [
      'DATA_DIR',
      'APP_DATA_DIR',
      'DATA_FOLDER',
      'X_DATA_FOLDER',
      'APP_DATA_PATH',
      'data_dir',
    ];
    check(
      variables.map((name) => [
        `finds what ${name} names`,
        { '.env': `${name}=./files\n`, 'files/a.txt': 'x' },
        ['files generic likely'],
      ]),
    );
    check([
      [
        'is certain with a database',
        { '.env': 'DATA_DIR=files', 'files/a.db': db },
        ['files generic certain'],
      ],
      [
        'counts from the file that names it',
        { 'apps/x/.env.local': 'DATA_DIR="./files"', 'apps/x/files/a.txt': 'x' },
        ['apps/x/files generic likely'],
      ],
      [
        'counts from the project folder else',
        { 'apps/x/.env': 'DATA_DIR=files', 'files/a.txt': 'x' },
        ['files generic likely'],
      ],
      [
        'replaces references',
        { '.env': 'BASE=files\nDATA_DIR=${BASE}/${STAGE:-dev}', 'files/dev/a.txt': 'x' },
        ['files/dev generic likely'],
      ],
      [
        'takes the same folder once',
        { '.env': 'DATA_DIR=link\nX_DATA_DIR=files/', 'files/a.txt': 'x', link: symlink('files') },
        ['files generic likely'],
      ],
      [
        'takes a folder of uploads beside it',
        { '.env': 'DATA_DIR=state\nUPLOAD_DIR=up', 'state/a.db': db, 'up/a.png': 'x' },
        ['state generic certain', 'up generic likely'],
      ],
      [
        'takes what lies in it with it',
        { '.env': 'DATA_DIR=state\nUPLOAD_DIR=state/up', 'state/a.db': db, 'state/up/a.png': 'x' },
        ['state generic certain'],
      ],
      [
        'takes it and not the folder around that only looks like data',
        { '.env': 'DATA_DIR=var/state', 'var/state/a.db': db, 'var/log/x': 'x' },
        ['var/state generic certain'],
      ],
      [
        'gives it to the folder around that is data itself',
        { '.env': 'DATA_DIR=data/state', 'data/a.db': db, 'data/state/x': 'x' },
        ['data generic likely'],
      ],
      [
        'leaves backups and tests alone',
        { '.env': 'BACKUP_DATA_DIR=a\nTEST_DATA_DIR=b', 'a/x': 'x', 'b/x': 'x' },
        [],
      ],
    ]);

    it('says how it was found, and never what else stands in the file', async () => {
      const root = await tree({
        '.env':
          'SECRET=hunter2\nDATA_DIR=./files\nDB_URL=postgres://u:hunter2@h/d\nMEDIA_ROOT=https://u:hunter2@h/',
        'files/a.db': db,
      });
      const found = find(root);
      deepStrictEqual(found.dataDirs[0]?.evidence, ['DATA_DIR=./files in .env']);
      ok(!JSON.stringify(found).includes('hunter2'));
    });
  });

  describe('through compose files', () => {
    const compose = (service: string, rest = '') => `services:\n  app:\n${service}\n${rest}`;
    check([
      [
        'maps a container path back through a short volume',
        {
          'docker-compose.yaml': compose(
            '    environment:\n      DATA_DIR: /data\n    volumes: ["./var/state:/data"]',
          ),
          'var/state/a.txt': 'x',
        },
        ['var/state generic likely'],
      ],
      [
        'maps one that .env names',
        {
          '.env': 'DATA_DIR=/data',
          'compose.yml': compose('    volumes: ["./st:/data:rw"]'),
          'st/a.db': db,
        },
        ['st generic certain'],
      ],
      [
        'maps a path below a mount by the deepest one',
        {
          'compose.yaml': compose(
            '    environment: ["DATA_DIR=/srv/app/files/x"]\n    volumes: ["./a:/srv", "./b:/srv/app"]',
          ),
          'a/app/files/x/y': 'x',
          'b/files/x/y': 'x',
        },
        ['b/files/x generic likely'],
      ],
      [
        'maps through the long form',
        {
          'compose.yaml': compose(
            '    environment: {DATA_DIR: /data}\n    volumes:\n      - {type: bind, source: ./st, target: /data/}',
          ),
          'st/a': 'x',
        },
        ['st generic likely'],
      ],
      [
        'maps through a named volume that is bound to a folder',
        {
          'compose.yaml': compose(
            '    environment: {DATA_DIR: /data}\n    volumes: ["d:/data"]',
            'volumes:\n  d:\n    driver_opts: {type: none, o: bind, device: ./st}',
          ),
          'st/a': 'x',
        },
        ['st generic likely'],
      ],
      [
        'replaces references with what .env sets, and defaults',
        {
          '.env': 'ROOT=./here',
          'compose.yaml': compose(
            '    environment: ["DATA_DIR=${T:-/data}"]\n    volumes: ["${ROOT}/${N:-st}:${T:-/data}"]',
          ),
          'here/st/a': 'x',
        },
        ['here/st generic likely'],
      ],
      [
        'reads the variables of env_file',
        {
          'compose.yaml': compose(
            '    env_file:\n      - path: conf/app.env\n    volumes: ["./st:/data"]',
          ),
          'conf/app.env': 'DATA_DIR=/data',
          'st/a': 'x',
        },
        ['st generic likely'],
      ],
      [
        'takes anchors and merges',
        {
          'compose.yaml':
            'x-c: &c\n  environment: {DATA_DIR: /data}\nservices:\n  app:\n    <<: *c\n    volumes: ["./st:/data"]\n',
          'st/a': 'x',
        },
        ['st generic likely'],
      ],
      [
        'takes a service from all files of its folder, and the volume of no other service',
        {
          'docker-compose.yml':
            'services:\n  api:\n    environment: {DATA_DIR: /state}\n  job:\n    volumes: ["./scratch:/state:ro"]\n',
          'docker-compose.override.yml': 'services:\n  api:\n    volumes: ["./kept:/state"]\n',
          'kept/a': 'x',
          'scratch/b': 'x',
        },
        ['kept generic likely'],
      ],
      [
        'follows what a service extends, of a file elsewhere too, and ends where that is itself',
        {
          'compose.yaml':
            'services:\n  api:\n    extends: {file: deploy/base.yml, service: base}\n    volumes: ["./kept:/state"]\n  odd:\n    extends: odd\n',
          'deploy/base.yml':
            'services:\n  root:\n    environment: {DATA_DIR: /state, UPLOAD_DIR: /more}\n    volumes: ["./more:/more", "./lost:/state"]\n  base:\n    extends: {service: root}\n',
          'kept/a': 'x',
          'deploy/more/b': 'x',
        },
        ['deploy/more generic likely', 'kept generic likely'],
      ],
      [
        'reads what is included, with its own variables and the folder that its paths count from',
        {
          '.env': 'PLACE=var/lib',
          'compose.yaml':
            'include:\n  - parts/db.yaml\n  - path: [parts/files.yaml]\n    project_directory: .\n    env_file: [parts/a.env, parts/b.env]\n  - ../elsewhere.yaml\n  - compose.yaml\n',
          'parts/db.yaml': compose(
            '    environment: {DATA_DIR: /db}\n    volumes: ["./${AT}:/db"]',
          ),
          'parts/.env': 'AT=store',
          'parts/files.yaml':
            'services:\n  files:\n    environment: [DATA_DIR=/f]\n    volumes: ["${PLACE}/${NAME}:/f"]\n',
          'parts/a.env': 'PLACE=nowhere\nNAME=old',
          'parts/b.env': 'NAME=files',
          'parts/store/a': 'x',
          'var/lib/files/b': 'x',
        },
        ['parts/store generic likely', 'var/lib/files generic likely'],
      ],
      [
        'counts from the compose file, wherever it lies',
        {
          '.env': 'DATA_DIR=/data',
          'docker/compose.dev.yaml': compose('    volumes: ["../st:/data"]'),
          'st/a': 'x',
        },
        ['st generic likely'],
      ],
      [
        'finds what a container sees by its databases, whatever the names',
        { 'compose.yaml': compose('    volumes: ["./stuff:/app/x"]'), 'stuff/odd': db },
        ['stuff generic likely'],
      ],
      [
        'takes folders of files alone that a container writes, and not what it only reads',
        {
          'compose.yaml': compose(
            '    volumes: ["./storage:/verdaccio/storage", "./conf:/verdaccio/conf", "./lists:/srv/attachments", "./uploads:/u:ro"]',
          ),
          'storage/pkg/': { 'package.json': '{}', 'pkg-1.0.0.tgz': 'x' },
          'conf/config.yaml': 'x',
          'lists/a.bin': 'x',
          'uploads/a.png': 'x',
        },
        ['lists generic likely', 'storage generic likely'],
      ],
      [
        'takes any folder that a container writes and git does not keep',
        {
          '.git/': { index: gitIndex(['compose.yaml', 'web/index.html']), HEAD: 'x' },
          'compose.yaml': compose('    volumes: ["./calendars:/var/x", "./web:/srv/web"]'),
          'calendars/me.ics': 'x',
          'web/index.html': 'x',
        },
        ['calendars generic likely'],
      ],
      [
        'does not take the source code that a container sees',
        {
          'compose.yaml': compose('    volumes: [".:/app", "./api:/api"]'),
          'api/a.db': db,
          'api/main.py': '',
        },
        ['api generic guess: api/a.db'],
      ],
      [
        'prefers the mapping to a folder of that name on this machine',
        {
          '.env': 'DATA_DIR=/tmp',
          'compose.yaml': compose('    volumes: ["./st:/tmp"]'),
          'st/a': 'x',
        },
        ['st generic likely'],
      ],
    ]);

    it('says what mapped it', async () => {
      const root = await tree({
        '.env': 'DATA_DIR=/data',
        'docker-compose.yaml': compose('    env_file: .env\n    volumes: ["./data:/data"]'),
        data: directory(docsfy),
      });
      deepStrictEqual(find(root).dataDirs[0]?.evidence, [
        'DATA_DIR=/data in .env, mapped by docker-compose.yaml',
        'docsfy.db and projects/ of docsfy',
      ]);
    });

    it('says which volume cannot be reached', async () => {
      const root = await tree({
        'compose.yaml': compose('    environment: {DATA_DIR: /data}\n    volumes: ["pg:/data"]'),
      });
      deepStrictEqual(rejected(find(root)), [
        '/data: DATA_DIR=/data in compose.yaml: volume pg cannot be reached from here',
      ]);
    });
  });

  describe('known layouts', () => {
    check([
      [
        'knows docsfy wherever it lies',
        { 'here/there': directory(docsfy) },
        ['here/there docsfy certain'],
      ],
      ['knows half of it', { 'x/docsfy.db': db }, ['x docsfy likely']],
      [
        'takes its parts in the project folder',
        { ...docsfy, 'README.md': '' },
        ['. docsfy certain: docsfy.db projects'],
      ],
      [
        'takes the databases beside its parts too',
        { ...docsfy, 'prisma/dev.db': db, 'projects/x/y.db': db },
        ['. docsfy certain: docsfy.db projects', 'prisma generic guess: prisma/dev.db'],
      ],
      [
        'takes its parts where .git lies beside them',
        { 'clone/.git/HEAD': 'x', clone: directory(docsfy) },
        ['clone docsfy certain: clone/docsfy.db clone/projects'],
      ],
      ['does not believe a name', { 'x/docsfy.db': 'text', 'x/projects/': {} }, []],
      [
        'lets it stand beside other databases',
        { 'var/d': directory(docsfy), 'var/other/x.db': db },
        ['var/d docsfy certain', 'var/other generic guess: var/other/x.db'],
      ],
    ]);

    it('says what is missing', async () => {
      deepStrictEqual(find(await tree({ 'x/docsfy.db': db })).dataDirs[0]?.missing, ['projects/']);
    });

    it('ties rows to paths as its schema has them', async () => {
      const paths = async (columns: string) => {
        const root = await tree({
          'x/docsfy.db': database(`CREATE TABLE projects(${columns})`),
          'x/projects/': {},
        });
        return find(root).dataDirs[0]?.layoutReferences.map(({ path }) => path);
      };
      deepStrictEqual(await paths('name, branch, ai_provider, ai_model, owner'), [
        'projects/{owner|_default}/{name}/{branch}/{ai_provider}/{ai_model}/site',
        'projects/{owner|_default}/{name}/{branch}/{ai_provider}/{ai_model}/plan.json',
      ]);
      deepStrictEqual(await paths('name, ai_provider, ai_model, owner'), [
        'projects/{owner|_default}/{name}/{ai_provider}/{ai_model}/site',
        'projects/{owner|_default}/{name}/{ai_provider}/{ai_model}/plan.json',
      ]);
      deepStrictEqual(await paths('name, status'), []);
    });

    it('reads the schema also where it is in the write-ahead log still', async () => {
      const root = await tree({
        'x/docsfy.db': database('CREATE TABLE a(b)', {
          leftInWal: 'CREATE TABLE projects(branch)',
        }),
        'x/projects/': {},
      });
      strictEqual(find(root).dataDirs[0]?.layoutReferences.length, 2);
    });
  });

  describe('refuses', () => {
    it('what lies outside, and says how to allow it', async () => {
      const base = await tree({
        'p/.env': 'DATA_DIR=../out',
        'p/data': symlink('../out'),
        'out/a.db': db,
      });
      const out = join(base, 'out');
      const found = find(join(base, 'p'));
      deepStrictEqual(summary(found), []);
      deepStrictEqual(rejected(found), [
        `${out}: DATA_DIR=../out in .env: outside the project folder: savepoint allow ${out}`,
        `data: a link that leads outside the project folder: savepoint allow ${out}`,
      ]);
    });

    it('takes it once it is allowed, also when nothing else names it', async () => {
      const base = await tree({ 'p/a/.env': 'DATA_DIR=../../out', 'p/b/': {}, 'out/a.db': db });
      const out = join(base, 'out');
      deepStrictEqual(summary(find(join(base, 'p/a'), { allowed: [out] })), [
        `${out} generic certain`,
      ]);
      deepStrictEqual(summary(find(join(base, 'p/a'), { allowed: [base] })), [
        `${out} generic certain`,
      ]);
      deepStrictEqual(summary(find(join(base, 'p/b'), { allowed: [out] })), [
        `${out} generic likely`,
      ]);
      strictEqual(find(join(base, 'p/b'), { allowed: [out] }).dataDirs[0]?.name, 'out');
    });

    const places: [string, (root: string) => Setting & { readonly dir: string }, RegExp][] = [
      ['the disk', () => ({ dir: '/', allowed: ['/'] }), /whole disk/],
      [
        'the home folder',
        (root) => ({ dir: '..', home: join(root, '..'), allowed: [join(root, '..')] }),
        /home folder/,
      ],
      [
        'an ancestor of the project',
        (root) => ({ dir: '..', allowed: [join(root, '..')] }),
        /holds the project folder/,
      ],
      ['the project folder itself', () => ({ dir: '.' }), /project folder itself/],
      ['a folder that holds .git', () => ({ dir: 'repo' }), /holds \.git/],
      [
        'a folder in the store',
        (root) => ({ dir: 'st/in', storeDir: join(root, 'st') }),
        /lies in the store/,
      ],
      [
        'a folder that holds the store',
        (root) => ({ dir: 'st', storeDir: join(root, 'st/in') }),
        /holds the store/,
      ],
      ['a folder that tools make', () => ({ dir: 'node_modules/x' }), /tools make it/],
      ['a file that is no database', () => ({ dir: 'file' }), /no SQLite database/],
      ['the files of PostgreSQL', () => ({ dir: 'pg' }), /PostgreSQL's own files/],
    ];
    for (const [what, setting, reason] of places) {
      it(`${what}, named by .env or by savepoint.json`, async () => {
        const base = await tree({
          'p/repo/.git/': {},
          'p/st/in/x': 'x',
          'p/node_modules/x/y': 'x',
          'p/file': 'x',
          'p/pg/PG_VERSION': '16',
        });
        const root = join(base, 'p');
        const { dir, ...rest } = setting(root);
        fs.writeFileSync(join(root, '.env'), `DATA_DIR=${dir}`);
        const found = find(root, rest);
        deepStrictEqual(summary(found), []);
        match(rejected(found).join('\n'), reason);
      });
    }
  });

  describe('in an untrusted workspace', () => {
    it('follows nothing of the repository and opens nothing', async () => {
      const root = await tree({
        '.env': 'DATA_DIR=files',
        'savepoint.json': '{ "dataDirs": [{ "path": "other" }] }',
        'files/a.txt': 'x',
        'data/a.db': 'not looked at',
        storage: symlink('files'),
      });
      const found = find(root, { trusted: false });
      deepStrictEqual(summary(found), ['data generic guess']);
      deepStrictEqual(rejected(found), ['storage: a link: not followed in Restricted Mode']);
    });
  });

  describe('what was looked at', () => {
    it('tells the places with what was in them', async () => {
      const root = await tree({
        'data/a.txt': 'x',
        'data/b/c.txt': 'x',
        'storage/': {},
        'db/a.txt': 'x',
        'tests/a.db': db,
        'src/store/a.ts': 'x',
        '.env': 'DATA_DIR=/gone/away\nX_DATA_DIR=later',
        'compose.yaml': '{{{',
      });
      const found = find(root);
      deepStrictEqual(rejected(found), [
        '/gone/away: DATA_DIR=/gone/away in .env: not there, and no compose volume maps it',
        'compose.yaml: cannot be read as YAML',
        'data: no SQLite database among its 2 files',
        'db: no SQLite database among its 1 file',
        'later: X_DATA_DIR=later in .env: not there',
        'storage: empty',
        'tests/a.db: lies among tests: name it in savepoint.json if it is data',
      ]);
      strictEqual(found.foldersLookedAt, 8);
      strictEqual(found.boundHit, false);
    });

    it('stops at its bound, says so, and has found what lies near', async () => {
      const root = await tree({ 'data/a.db': db });
      for (let i = 0; i < 30; i += 1) {
        for (let j = 0; j < 20; j += 1)
          fs.mkdirSync(join(root, `src/${i}/${j}`), { recursive: true });
      }
      const bounds = { folders: 500, files: 500 };
      const context = { options: engineOptions(), allowed: [], storeDir: '/nowhere' };
      const found = findDataDirs(root, { ...context, bounds });
      deepStrictEqual(summary(found), ['data generic likely']);
      deepStrictEqual([found.boundHit, found.foldersLookedAt], [true, 500]);
      // Making and removing so many folders takes much longer than looking at them.
      strictEqual(searchBounds.folders, 20_000);
      strictEqual(find(root).boundHit, false);
    });

    it('looks at each folder of a typical project once, and at none in its data', async () => {
      const root = await tree({ '.env': 'DATA_DIR=data', 'data/a.db': db });
      for (let i = 0; i < 300; i += 1) {
        fs.mkdirSync(join(root, `src/${i % 20}/${i}`), { recursive: true });
        fs.writeFileSync(join(root, `src/${i % 20}/${i}/a.ts`), '');
        fs.mkdirSync(join(root, `data/files/${i}`), { recursive: true });
      }
      const found = find(root);
      deepStrictEqual(summary(found), ['data generic certain']);
      strictEqual(found.foldersLookedAt, 322);
    });
  });

  describe('with savepoint.json', () => {
    const named = (dataDirs: unknown) => JSON.stringify({ dataDirs });
    check([
      [
        'takes exactly what it names',
        {
          'savepoint.json': named([{ path: './files/' }]),
          '.env': 'DATA_DIR=x',
          'x/a.db': db,
          'data/a.db': db,
          'files/': {},
        },
        ['files generic certain'],
      ],
      [
        'takes nothing where it names nothing',
        { 'savepoint.json': named([]), 'data/a.db': db },
        [],
      ],
      [
        'detects where it does not say',
        { 'savepoint.json': '{ "secrets": ["X"] }', 'data/a.db': db },
        ['data generic likely'],
      ],
      [
        'takes a single file',
        { 'savepoint.json': named([{ path: 'prisma/dev.db' }]), 'prisma/dev.db': db },
        ['prisma/dev.db generic certain'],
      ],
      [
        'knows the layout',
        { 'savepoint.json': named([{ path: 'd' }]), d: directory(docsfy) },
        ['d docsfy certain'],
      ],
      [
        'believes the layout',
        { 'savepoint.json': named([{ path: 'd', layout: 'docsfy' }]), 'd/projects/': {} },
        ['d docsfy likely'],
      ],
      [
        'takes the outer of two',
        { 'savepoint.json': named([{ path: 'd' }, { path: 'd/e' }]), 'd/e/x': 'x' },
        ['d generic certain'],
      ],
    ]);

    it('names what is not there or must not be used', async () => {
      const base = await tree({
        'p/savepoint.json': named([{ path: 'gone' }, { path: '..' }, { path: '/usr' }]),
      });
      deepStrictEqual(rejected(find(join(base, 'p'))), [
        `${base}: it holds the project folder`,
        '/usr: outside the project folder: savepoint allow /usr',
        'gone: named in savepoint.json, but not there',
      ]);
    });

    it('holds what is sound in a broken file', async () => {
      const root = await tree({
        'savepoint.json':
          '{\n  "dataDirs": [{ "path": "d", "exclude": 5 }, { "pth": "x" }]\n  "retention": 1\n}',
        'd/x': 'x',
      });
      const found = find(root);
      deepStrictEqual(summary(found), ['d generic certain']);
      deepStrictEqual(
        found.configProblems.map(({ line, message }) => `${line} ${message}`),
        [
          '3 comma expected',
          '2 "exclude" has to be a list',
          '2 unknown key "pth": known are path, layout, exclude, include, ignore, references',
          '2 "path" is missing',
          '3 "retention" has to be an object',
        ],
      );
    });
  });

  it('leaves the folders of database servers out of what it takes', async () => {
    const root = await tree({
      '.env': 'DATA_DIR=data',
      'data/postgres/PG_VERSION': '16',
      'data/files/x': 'x',
    });
    deepStrictEqual(
      find(root)
        .dataDirs[0]?.exclusions.map(({ pattern }) => pattern)
        .filter((p) => p.startsWith('post')),
      ['postgres/'],
    );
  });

  it('changes nothing', async () => {
    const root = await tree({
      '.env': 'DATA_DIR=data',
      'data/a.db': database('CREATE TABLE t(a)', { leftInWal: 'INSERT INTO t VALUES(1)' }),
    });
    const before = fs.readdirSync(join(root, 'data'));
    const { mtimeNs } = fs.statSync(join(root, 'data'), { bigint: true });
    find(root);
    deepStrictEqual(fs.readdirSync(join(root, 'data')), before);
    strictEqual(fs.statSync(join(root, 'data'), { bigint: true }).mtimeNs, mtimeNs);
  });
});
