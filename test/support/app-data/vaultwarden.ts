// Vaultwarden: attachments of ciphers, and sends that are text (type 0, no file) or a file (type 1).
// Icons and temporary files have no rows.

import { database } from '../sqlite.ts';
import { day, files, hex, insert, numbers, pick, uuid, type AppData } from './app-data.ts';

export function vaultwarden(): AppData {
  const users = numbers(4).map((number) => ({
    uuid: uuid(`user ${number}`),
    email: `user${number}@example.com`,
    created_at: day(number),
  }));
  const ciphers = numbers(120).map((number) => ({
    uuid: uuid(`cipher ${number}`),
    user_uuid: pick([users[0]?.uuid, users[1]?.uuid], `owner ${number}`) ?? null,
    atype: pick([1, 2, 3], `cipher type ${number}`),
    name: `2.${hex(`name ${number}`, 22)}==|${hex(`b${number}`, 22)}==`,
    deleted_at: number % 9 === 0 ? day(number) : null,
  }));
  const attachments = numbers(70).map((number) => ({
    id: hex(`attachment ${number}`, 20),
    cipher_uuid: uuid(`cipher ${1 + (number % 40)}`),
    file_name: `2.${hex(`file ${number}`, 22)}==`,
    file_size: 1000 + number,
    akey: null,
  }));
  const sends = numbers(50).map((number) => {
    const atype = number % 5 < 2 ? 0 : 1;
    const file = { id: hex(`send file ${number}`, 64), size: 100 + number, fileName: '2.x==' };
    return {
      uuid: uuid(`send ${number}`),
      user_uuid: users[number % 4]?.uuid ?? null,
      name: `2.${hex(`send ${number}`, 22)}==`,
      atype,
      data: JSON.stringify(atype === 1 ? file : { text: '2.abc==', hidden: false }),
      deletion_date: day(number + 30),
    };
  });
  const attachmentFiles = attachments.map(
    ({ id, cipher_uuid }) => `attachments/${cipher_uuid}/${id}`,
  );
  const sendFiles = sends.flatMap(({ uuid: id, atype, data }) =>
    atype === 1 ? [`sends/${id}/${(JSON.parse(data) as { id: string }).id}`] : [],
  );
  const schema = `
    CREATE TABLE users (uuid TEXT NOT NULL PRIMARY KEY, email TEXT NOT NULL, created_at DATETIME);
    CREATE TABLE ciphers (uuid TEXT NOT NULL PRIMARY KEY, user_uuid TEXT REFERENCES users(uuid),
      atype INTEGER NOT NULL, name TEXT NOT NULL, deleted_at DATETIME);
    CREATE TABLE attachments (id TEXT NOT NULL PRIMARY KEY,
      cipher_uuid TEXT NOT NULL REFERENCES ciphers(uuid), file_name TEXT NOT NULL,
      file_size INTEGER NOT NULL, akey TEXT);
    CREATE TABLE sends (uuid TEXT NOT NULL PRIMARY KEY, user_uuid TEXT REFERENCES users(uuid),
      name TEXT NOT NULL, atype INTEGER NOT NULL, data TEXT NOT NULL, deletion_date DATETIME);`;
  const icons = numbers(60).map((number) => `icon_cache/site${number}.example.com.png`);
  return {
    entries: {
      'db.sqlite3': database(
        schema +
          insert('users', users) +
          insert('ciphers', ciphers) +
          insert('attachments', attachments) +
          insert('sends', sends),
        { journalMode: 'wal' },
      ),
      'rsa_key.pem': 'key\n',
      'config.json': '{}\n',
      ...files([...attachmentFiles, ...sendFiles, ...icons]),
    },
    rules: [
      'attachments: attachments/{cipher_uuid}/{id} covers attachments/*/*',
      'sends: sends/{uuid}/{data:json.id} covers sends/*/*',
    ],
    needed: [attachmentFiles[11], sendFiles[3]].filter((path) => path !== undefined),
    unknown: [
      `attachments/${uuid('cipher 3')}/${hex('lost', 20)}`,
      `sends/${uuid('gone send')}/${hex('gone', 64)}`,
    ],
    tolerated: ['icon_cache/another.example.com.png', 'tmp/upload-1'],
  };
}
