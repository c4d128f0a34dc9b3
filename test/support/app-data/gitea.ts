// Gitea: attachments and large files under the first characters of their names, avatars of those who
// have their own, bare repositories as folders.

import { database } from '../sqlite.ts';
import { files, hex, insert, numbers, pick, uuid, type AppData } from './app-data.ts';

export function gitea(): AppData {
  const attachments = numbers(80).map((id) => ({
    id,
    uuid: uuid(`attachment ${id}`),
    issue_id: 1 + (id % 30),
    name: `screen ${id}.png`,
    size: 10 + id,
  }));
  const objects = numbers(40).map((id) => ({
    id,
    oid: hex(`object ${id}`, 64),
    size: 1000 + id,
    repository_id: 1 + (id % 12),
  }));
  const users = numbers(30).map((id) => ({
    id,
    lower_name: `user${id}`,
    avatar: hex(`avatar ${id}`, 32),
    use_custom_avatar: id % 3 === 0 ? 1 : 0,
  }));
  const repositories = numbers(14).map((id) => ({
    id,
    owner_name: `user${1 + (id % 5)}`,
    lower_name: `${pick(['site', 'tools', 'notes'], `repo ${id}`)}-${id}`,
    is_private: id % 2,
  }));
  const attachmentFiles = attachments.map(({ uuid: id }) => `attachments/${id[0]}/${id[1]}/${id}`);
  const objectFiles = objects.map(
    ({ oid }) => `lfs/${oid.slice(0, 2)}/${oid.slice(2, 4)}/${oid.slice(4)}`,
  );
  const avatars = users.flatMap(({ avatar, use_custom_avatar }) =>
    use_custom_avatar === 1 ? [`avatars/${avatar}`] : [],
  );
  const folders = repositories.map(
    ({ owner_name, lower_name }) => `repositories/${owner_name}/${lower_name}.git`,
  );
  const inside = [
    'HEAD',
    'config',
    'description',
    'info/exclude',
    'refs/heads/main',
    'objects/info/packs',
  ];
  return {
    entries: {
      'gitea.db': database(
        `CREATE TABLE attachment (id INTEGER PRIMARY KEY AUTOINCREMENT, uuid TEXT, issue_id INTEGER, name TEXT, size INTEGER);
         CREATE TABLE lfs_meta_object (id INTEGER PRIMARY KEY AUTOINCREMENT, oid TEXT, size INTEGER, repository_id INTEGER);
         CREATE TABLE user (id INTEGER PRIMARY KEY AUTOINCREMENT, lower_name TEXT, avatar TEXT, use_custom_avatar INTEGER);
         CREATE TABLE repository (id INTEGER PRIMARY KEY AUTOINCREMENT, owner_name TEXT, lower_name TEXT, is_private INTEGER);
         CREATE TABLE issue (id INTEGER PRIMARY KEY, repo_id INTEGER, name TEXT, content TEXT);` +
          insert('attachment', attachments) +
          insert('lfs_meta_object', objects) +
          insert('user', users) +
          insert('repository', repositories) +
          insert(
            'issue',
            numbers(30).map((id) => ({
              id,
              repo_id: 1 + (id % 14),
              name: `Fix src/main${id}.go`,
              content: `see /attachments/${attachments[id]?.uuid}`,
            })),
          ),
      ),
      ...files([
        ...attachmentFiles,
        ...objectFiles,
        ...avatars,
        ...folders.flatMap((folder) => inside.map((name) => `${folder}/${name}`)),
        ...numbers(9).map((id) => `indexers/issues.bleve/store/${id}.zap`),
      ]),
    },
    rules: [
      'attachment: attachments/{uuid:0..1}/{uuid:1..2}/{uuid} covers attachments/*/*/*',
      'lfs_meta_object: lfs/{oid:0..2}/{oid:2..4}/{oid:4..} covers lfs/*/*/*',
      'repository: repositories/{owner_name}/{lower_name}.git covers repositories/*/*',
      'user: avatars/{avatar} where use_custom_avatar = 1 covers avatars/*',
    ],
    needed: [attachmentFiles[9], objectFiles[7], folders[3], avatars[2]].filter(
      (path) => path !== undefined,
    ),
    unknown: [
      `attachments/a/b/${uuid('lost')}`,
      `lfs/ab/cd/${hex('lost', 60)}`,
      'repositories/user1/forgotten.git/HEAD',
    ],
    reported: [
      `attachments/a/b/${uuid('lost')}`,
      `lfs/ab/cd/${hex('lost', 60)}`,
      'repositories/user1/forgotten.git',
    ],
    tolerated: ['queues/common/000001.log'],
  };
}
