// Rails with Active Storage: the database in db, files in storage below folders made of their keys.

import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  contentOf,
  runCommand,
  type ApplicationDriver,
  type Records,
} from '../support/run-application.ts';
import { writeTree } from '../support/tree.ts';

const application = `
require 'rails'
require 'active_record/railtie'
require 'active_storage/engine'
class Library < Rails::Application
  config.root = File.expand_path('..', __dir__)
  config.load_defaults 6.1
  config.eager_load = false
  config.active_storage.service = :local
  config.secret_key_base = 'test'
  config.logger = Logger.new(nil)
end
`;

const migration = `
class CreatePapers < ActiveRecord::Migration[6.1]
  def change
    create_table(:papers) { |table| table.string :title }
  end
end
`;

const papers = `
require_relative 'config/environment'
require 'json'
if ARGV.empty?
  puts JSON.generate(Paper.all.to_h { |paper| [paper.title, (paper.scan.download rescue nil)] })
else
  ARGV.each do |title|
    content = "content of #{title}\\n"
    scan = { io: StringIO.new(content), filename: "#{title}.txt", content_type: 'text/plain' }
    Paper.create!(title: title).scan.attach(**scan)
  end
end
`;

export const rails: ApplicationDriver = {
  name: 'Rails with Active Storage',
  needs: ['rake'],
  dataDirs: ['db', 'storage'],
  start: async (project) => {
    await writeTree(project.dir, {
      config: {
        'application.rb': application,
        'environment.rb': `require_relative 'application'\nRails.application.initialize!\n`,
        'database.yml': 'development:\n  adapter: sqlite3\n  database: db/development.sqlite3\n',
        'storage.yml': 'local:\n  service: Disk\n  root: <%= Rails.root.join("storage") %>\n',
      },
      Rakefile: `require_relative 'config/application'\nRails.application.load_tasks\n`,
      app: {
        models: {
          'paper.rb': 'class Paper < ActiveRecord::Base\n  has_one_attached :scan\nend\n',
        },
      },
      db: { migrate: { '20260101000000_create_papers.rb': migration } },
      'papers.rb': papers,
    });
    await runCommand(project, 'rake', 'active_storage:install');
    await runCommand(project, 'rake', 'db:migrate');
    const fileOf = (name: string): string =>
      globSync('storage/*/*/*', { cwd: project.dir }).find(
        (path) => readFileSync(join(project.dir, path), 'utf8') === contentOf(name),
      ) ?? '';
    return {
      add: async (titles) => {
        await runCommand(project, 'ruby', 'papers.rb', ...titles);
      },
      read: async () => JSON.parse(await runCommand(project, 'ruby', 'papers.rb')) as Records,
      destroy: ['rake', 'db:migrate:reset'],
      faults: async () => {
        const [removed, changed] = [fileOf('paper-3'), fileOf('paper-5')];
        const stray = 'storage/no/bo/nobodyknowsthiskeyatall12345';
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
