// Applications that keep data of their own: what of their commands takes it away, and those that migrate
// it when they start.

import { startIsMigration, type ToolRule } from '../../layouts/tool-rule.ts';

const maintenance =
  'update deleteBatch deleteArchivedFiles deleteArchivedRevisions deleteOldRevisions deleteDefaultMessages nukePage nukeNS purgeOldText rollbackEdits undelete importDump importImages importTextFiles rebuildall cleanupImages cleanupTitles moveBatch reassignEdits renameDbPrefix migrateFileRepoLayout'.split(
    ' ',
  );

export const applications: readonly ToolRule[] = [
  {
    tool: 'Calibre',
    programs: ['calibredb'],
    valueOptions: ['--with-library', '--library-path', '--username', '--password'],
    destructive: [
      'remove|remove_format|remove_custom_column|restore_database|add|add_format|set_metadata|set_custom|embed_metadata',
    ],
    harmless: [
      'list|search|show_metadata|list_categories|custom_columns|export|catalog|check_library|saved_searches|fts_search',
    ],
    isOfServers: false,
    why: 'deletes or overwrites books and what is known of them',
  },
  {
    tool: 'beets',
    programs: ['beet', 'beets'],
    valueOptions: ['-l', '--library', '-d', '--directory', '-c', '--config', '-p', '--plugins'],
    destructive: ['rm|remove|import|imp|im|move|mv|modify|mod|update|upd|up|write|mbsync'],
    harmless: ['ls|list|stats|info|config|fields|version|completion'],
    isOfServers: false,
    why: 'changes the library, and moves or deletes files of it',
  },
  {
    tool: 'Tryton',
    programs: ['trytond-admin'],
    valueOptions: ['-c', '--config', '-d', '--database', '-l', '--language'],
    destructive: ['-u|--update', '--all', '-p|--password'],
    why: 'changes the schema and the rows of the database',
  },
  {
    tool: 'MediaWiki',
    programs: maintenance.map((name) => `${name.toLowerCase()}.php`),
    destructive: [''],
    why: 'changes or deletes pages and files of the wiki',
  },
  {
    tool: 'MediaWiki',
    programs: ['run.php'],
    destructive: [maintenance.join('|')],
    why: 'changes or deletes pages and files of the wiki',
  },
  {
    tool: 'Verdaccio',
    programs: ['npm', 'pnpm'],
    valueOptions: ['--registry', '--otp'],
    destructive: ['unpublish'],
    isOfServers: false,
    why: 'deletes a package of the registry, which may be one of this project',
  },
  {
    tool: 'n8n',
    programs: ['n8n'],
    destructive: [
      'start|worker|webhook|execute',
      'import:*',
      'db:revert',
      'user-management:reset',
      'ldap:reset',
      '',
    ],
    harmless: ['export:*', 'list:*', 'audit', 'license:info'],
    why: startIsMigration,
  },
  {
    tool: 'Strapi',
    programs: ['strapi'],
    valueOptions: ['-f', '--file'],
    destructive: ['develop|dev|start', 'import|restore|transfer'],
    harmless: ['export', 'build', 'ts:*', 'routes:list', 'version', 'report'],
    why: startIsMigration,
  },
  {
    tool: 'Directus',
    programs: ['directus'],
    destructive: ['bootstrap', 'database install|migrate:*', 'schema apply', 'start'],
    harmless: ['schema snapshot', 'count'],
    why: startIsMigration,
  },
  {
    tool: 'Actual, Memos, Gitea, Ghost, Vaultwarden',
    programs: ['actual-server', 'memos', 'vaultwarden', 'ghost', 'gitea', 'forgejo'],
    destructive: ['', 'start|run|restart|web|migrate|update|install'],
    harmless: ['dump|doctor|version|ls|log|status'],
    why: startIsMigration,
  },
];
