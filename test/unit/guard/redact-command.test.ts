import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { redactCommand } from '../../../src/core/guard/redact/redact-command.ts';

const facts = {
  env: { API_TOKEN: 'tok-12345', HOME: '/home/me', DB_PASS: 'x', SALT: 'grain-of-salt' },
  secrets: ['SALT'],
};

function check(command: string, expected: string): void {
  strictEqual(redactCommand(command, facts), expected);
}

describe('redactCommand', () => {
  it('hides passwords in URLs, and leaves the user and the host', () => {
    check('psql postgres://me:p%40ss@localhost/app', 'psql postgres://me:***@localhost/app');
    check('curl https://x.test/a?token=abc&b=1', 'curl https://x.test/a?token=***&b=1');
    check('git clone https://host:8080/a@b', 'git clone https://host:8080/a@b');
  });

  it('hides what names of variables and options promise to be secret', () => {
    check('PGPASSWORD=hunter2 psql app', 'PGPASSWORD=*** psql app');
    check('env SECRET_KEY="a b" rails db:reset', 'env SECRET_KEY=*** rails db:reset');
    check('tool --api-key abc --force', 'tool --api-key *** --force');
    check('tool --password=abc --token def x', 'tool --password=*** --token *** x');
    check('tool --token --force', 'tool --token --force');
    check("sh -c 'DB_PASSWORD=x rm -rf data'", "sh -c 'DB_PASSWORD=*** rm -rf data'");
    check('mysql -uroot -psecret app', 'mysql -uroot -p*** app');
    check('curl -H "Authorization: Bearer abcdef123" x', 'curl -H "Authorization: Bearer ***" x');
    check('curl -u me:secret https://x.test', 'curl -u me:*** https://x.test');
  });

  it('hides values of secret variables wherever they stand, and of those that savepoint.json names', () => {
    check('tool tok-12345 x', 'tool *** x');
    check('tool grain-of-salt', 'tool ***');
  });

  it('leaves ordinary command lines as they are, on one line', () => {
    check('prisma migrate reset --force', 'prisma migrate reset --force');
    check('cd data\n  rm app.db', 'cd data; rm app.db');
    check('rake db:pass keyboard=1', 'rake db:pass keyboard=1');
  });

  it('hides a word that nobody could read, and shows what comes after it', () => {
    const long = 'aB3/'.repeat(60_000);
    check(`echo '${long}' | base64 -d >a.png`, 'echo *** | base64 -d >a.png');
    check(`tool --data=${long} --force`, 'tool *** --force');
    check(`rm${' '.repeat(300_000)}data`, 'rm…');
  });

  it('takes each character of a long line a bounded number of times', () => {
    for (const unit of [
      'a://',
      'mysql ',
      '?key',
      '-',
      ' ',
      '\n \n',
      'redis-cli x ',
      'a="b ',
      "'",
      'bearer ',
    ])
      redactCommand(unit.repeat(1_000_000 / unit.length), facts);
  });

  it('hides each password of a line, however many programs take one', () => {
    check(
      'mysql -pone a; mysqldump -u me -ptwo b | mysql -pthree c',
      'mysql -p*** a; mysqldump -u me -p*** b | mysql -p*** c',
    );
    check(
      'redis-cli -a pass-word get x && curl -s -u me:pw https://x',
      'redis-cli -a *** get x && curl -s -u me:*** https://x',
    );
    check('1postgres://me:pw@host', '1postgres://me:***@host');
  });

  it('keeps no secret of many command lines, be it a word or what nobody would make up', () => {
    const kept = secretLines().flatMap(({ line, secret }) =>
      redactCommand(line, { env: {}, secrets: [] }).includes(secret) ? [line] : [],
    );
    deepStrictEqual(kept, []);
  });

  it('leaves names of files, branches and tables, and what looks like an option of a secret', () => {
    for (const line of [
      'rm -rf data/uploads/2026-12-01_Export-v2.tar.gz data/3f2a91c4-5d6e-4f70-8a9b-0c1d2e3f4a5b',
      'git checkout 9fceb02d0ae598e95dc970b74767f19372d61af8 -- data',
      'git clean -fdx && git stash pop stash@{1}',
      'tool --password-file secret.txt --no-auth --force',
      'npm run auth:reset && php artisan passport:purge',
      'PWD=/home/me/app docker compose down -v --remove-orphans',
      'psql -h localhost -U app -p 5433 -c "DROP TABLE password_resets"',
      'docker run -p 8080:80 -v ./data:/data image:1.2 rm -rf /data',
      'cp -p a b; mkdir -p data/new; tar -xpf backup.tar',
      'sqlite3 data/app.db "DELETE FROM tokens WHERE used = 1"',
      'python manage.py migrate auth zero',
      'kubectl delete secret db',
      `find data -name '*.key' -delete`,
      'Remove-Item -Recurse -Force .\\data',
    ]) {
      strictEqual(redactCommand(line, { env: {}, secrets: [] }), line);
    }
  });
});

/** See secrets.txt. */
function secretLines(): readonly { readonly line: string; readonly secret: string }[] {
  const lines = readFileSync(new URL('secrets.txt', import.meta.url), 'utf8').split('\n');
  return lines
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => {
      const own = /⟦(.*?)⟧/.exec(line)?.[1] ?? '';
      const secrets = line.startsWith('= ') ? [own] : ['hunter', 'correct-horse', 'pä$$:w/rd'];
      return secrets.map((secret) => ({
        line: line.replace(/^= /, '').replaceAll(/⟦.*?⟧/g, () => secret),
        secret,
      }));
    });
}
