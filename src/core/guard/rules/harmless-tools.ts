// Words of tools that are surely harmless to the data, though the tools have others that are not. The
// patterns are those of the rules; a tool that takes several words needs all of them to be here.

import { fits } from '../match-tool.ts';
import { splitArguments } from '../options.ts';
import { composeOptions } from '../container-options.ts';
import { managerOptions } from '../package-managers.ts';
import { harmless, type Verdict } from '../verdict.ts';

interface HarmlessTool {
  readonly programs: string;
  readonly valueOptions?: readonly string[];
  readonly words: readonly string[];
  /** Each of its words is one more thing to do. */
  readonly takesSeveral?: boolean;
}

const packageWords =
  'init|create|publish|pack|link|unlink|remove|rm|uninstall|un|update|up|upgrade|outdated|audit|why|explain|list|ls|ll|config|get|set|login|logout|adduser|whoami|cache|view|info|show|search|version|help|dedupe|prune|rebuild|patch|patch-commit|store|pm|install|i|ci|add|fetch|approve-builds|fund|doctor|ping|owner|dist-tag|deprecate|access|team|token|profile|org|star|bin|root|prefix|licenses|sbom|query|pkg|repo|docs|bugs|edit|set-script|self-update|setup|env|import|plugin|constraints|autoclean|completion|clean-install|it|cit|install-test';

const tools: readonly HarmlessTool[] = [
  {
    programs: 'npm pnpm yarn yarnpkg bun berry',
    valueOptions: managerOptions,
    words: [packageWords, 'test', 'build', ''],
  },
  {
    programs: 'deno',
    words: [
      'fmt|lint|check|test|cache|add|remove|info|compile|bundle|doc|types|bench|install|uninstall|outdated|upgrade|init|completions|coverage|jupyter|lsp|vendor|publish',
    ],
  },
  { programs: 'npx bunx pnpx uvx', words: [''] },
  {
    programs: 'docker podman nerdctl',
    valueOptions: [...composeOptions, '-H', '--host', '--context', '-c'],
    words: [
      'ps|images|logs|build|buildx|pull|push|inspect|stats|top|events|version|info|port|diff|history|search|login|logout|tag|rename|wait|pause|unpause|attach|start|stop|restart|kill|commit|save|manifest|trust|context|scout|init|ls|rmi|create|update|export',
      'rm',
      'container|image|network|builder|plugin|system|buildx|swarm|node|service|stack|secret ls|list|inspect|ps|logs|stats|top|df|info|events|create|build|pull|push|tag|history|du|start|stop|restart|kill|rm|rmi|prune|version|port|wait|pause|unpause|connect|disconnect',
      'volume ls|inspect|create',
      'compose ps|logs|ls|images|config|convert|version|top|port|events|build|pull|push|create|start|stop|restart|kill|pause|unpause|up|down|rm|wait|attach|stats|watch|cp',
      'machine|desktop *',
    ],
  },
  {
    programs: 'docker-compose podman-compose',
    valueOptions: composeOptions,
    words: [
      'ps|logs|ls|images|config|version|top|port|events|build|pull|push|create|start|stop|restart|kill|pause|unpause|up|down|rm|wait|attach|stats|watch',
    ],
  },
  {
    programs: 'cargo',
    words: [
      'build|b|check|c|test|t|bench|doc|d|clean|clippy|fmt|add|remove|rm|update|search|tree|fetch|metadata|new|init|install|uninstall|publish|package|login|owner|vendor|verify-project|version|locate-project|generate-lockfile|fix|nextest|audit|deny|outdated|expand|llvm-cov|machete|udeps|sort|bloat|doctor|help',
      'sqlx prepare',
    ],
  },
  {
    programs: 'go',
    words: [
      'build|test|vet|mod|get|fmt|install|list|env|version|doc|work|clean|fix|bug|telemetry|help',
    ],
  },
  {
    programs: 'dotnet',
    words: [
      'build|test|restore|add|remove|list|new|format|publish|clean|pack|sln|nuget|tool|workload|sdk|help|store|msbuild|vstest|build-server|dev-certs|user-secrets|reference|package',
    ],
  },
  { programs: 'swift', words: ['build|test|package|format'] },
  {
    programs: 'gradle gradlew mvn mvnw',
    takesSeveral: true,
    words: [
      'build|assemble|check|test|clean|compile|verify|package|install|tasks|dependencies|projects|help|jar|war|bootJar|lint|spotlessApply|spotlessCheck|wrapper|properties|javadoc|classes|testClasses|site|validate|deploy|publish|dependency:*|versions:*|spotless:*|compiler:*|surefire:*|assemble*|compile*|test*|lint*',
      ':*build|:*test|:*check|:*assemble*|:*compile*|:*lint*',
    ],
  },
  {
    programs: 'mix',
    words: [
      'deps|deps.*|hex.*|archive.*|local.*|new|credo|dialyzer|docs|xref|help|compile.*|phx.*|',
    ],
  },
  {
    programs: 'rails rake',
    words: [
      'new|about|stats|notes|routes|middleware|initializers|time:zones*|dbconsole|db|credentials:*|assets:*|zeitwerk:check|db:create|db:version|db:abort_if_pending_migrations|db:environment:set|db:schema:dump|db:structure:dump|test:*|spec|log:clear|tmp:*|webpacker:*|-T|secret',
    ],
  },
  { programs: 'rails', words: ['server|s|console|c|generate|g|destroy|d'] },
  {
    programs: 'bundle bundler',
    words: [
      'install|update|add|remove|outdated|show|info|list|config|check|lock|clean|open|init|package|cache|platform|audit|binstubs|',
    ],
  },
  {
    programs: 'artisan sail',
    words: [
      'serve|tinker|list|help|env|about|inspire|optimize|optimize:*|config:*|route:*|view:*|event:*|cache:clear|key:generate|storage:link|package:*|vendor:publish|lang:publish|stub:publish|test|completion|up|down|ps|logs|build|stop|start|restart|shell',
    ],
  },
  { programs: 'spark yii', words: ['serve|list|help|routes|env|cache:*'] },
  {
    programs: 'console',
    words: [
      'list|help|about|cache:*|debug:*|make:*|lint:*|router:*|config:*|assets:*|importmap:*|server:*|doctrine:database:create|doctrine:mapping:*',
    ],
  },
  {
    programs: 'composer',
    words: [
      'install|require|update|remove|dump-autoload|dumpautoload|show|info|outdated|validate|audit|init|config|search|global|self-update|why|why-not|depends|prohibits|diagnose|licenses|suggests|fund|clear-cache|about|archive|check-platform-reqs|bump|reinstall|create-project|list|status|browse|home|upgrade|i|u|r',
    ],
  },
  {
    programs: 'prisma',
    words: ['studio|init|version|format|generate|validate|debug|telemetry', 'platform *'],
  },
  { programs: 'flask', words: ['run|routes|shell'] },
  {
    programs: 'manage.py django-admin django',
    words: [
      'makemessages|compilemessages|startapp|startproject|diffsettings|show_urls|testserver|version|help|findstatic',
    ],
  },
  {
    programs: 'supabase',
    words: [
      'init|login|link|unlink|services|logs|stop',
      'projects|functions|inspect|test|secrets *',
    ],
  },
  {
    programs: 'wrangler',
    words: [
      'dev|deploy|publish|tail|login|logout|whoami|types|init',
      'secret|pages|versions|deployments *',
    ],
  },
  {
    programs: 'redis-cli',
    valueOptions: ['-h', '-p', '-a', '-n', '-u', '--user'],
    words: [
      'ping|info|keys|get|mget|scan|ttl|type|exists|dbsize|hgetall|lrange|smembers|monitor',
      'config get',
      '',
    ],
  },
  { programs: 'pg_dump pg_dumpall pg_isready mysqldump mongodump mongoexport', words: ['', '*'] },
  {
    programs: 'uv',
    words: [
      'sync|lock|add|remove|venv|tree|export|init|build|publish|version|help',
      'pip|python|cache|self *',
      'tool install|list|upgrade|uninstall',
    ],
  },
  {
    programs: 'poetry pdm hatch rye pixi pipenv pipx',
    words: [
      'install|add|remove|update|lock|show|build|publish|init|new|check|config|export|search|version|sync|list|tree|shell|about|info|fmt|test|clean|graph|verify|ensurepath|upgrade|uninstall|inject|use|self|',
      'env|self|cache|python|dep *',
    ],
  },
  {
    programs: 'conda mamba micromamba',
    words: [
      'install|create|update|list|info|search|config|activate|deactivate|clean|init|remove',
      'env *',
    ],
  },
  {
    programs: 'mise rtx',
    words: [
      'install|use|ls|list|current|env|activate|trust|doctor|upgrade|outdated|where|which|tasks|settings|plugins|prune|cache|self-update|registry|latest|i|u',
    ],
  },
  {
    programs: 'turbo nx lerna moon',
    words: [
      'login|link|prune|graph|list|report|migrate|ls|changed|diff|init|version|publish|clean',
      'show|daemon *',
    ],
  },
  {
    programs:
      'nest ng vue nuxt expo react-native ionic cap quasar gatsby hexo hugo jekyll eleventy docusaurus vitepress',
    words: [
      'build|generate|g|new|add|info|serve|start|dev|test|lint|e2e|update|version|doctor|preview|develop|prebuild|run|sync|export|analyze|prepare|check|schema|typecheck|server|',
    ],
  },
  {
    programs: 'systemctl service launchctl',
    words: ['status|list-units|list-unit-files|is-active|is-enabled|show|cat|list', '* status'],
  },
  { programs: 'crontab', words: ['-l'] },
  { programs: 'direnv', words: ['allow|deny|status|reload|hook|edit|export'] },
  { programs: 'gio', words: ['info|list|cat|tree|open|mime|monitor|mount'] },
  { programs: 'java', words: ['-version|--version'] },
];

const toolsOfProgram = new Map<string, HarmlessTool[]>();
for (const tool of tools) {
  for (const program of tool.programs.split(' '))
    toolsOfProgram.set(program, [...(toolsOfProgram.get(program) ?? []), tool]);
}

/** The options with a value of a tool that takes words; undefined where it is none. */
export function optionsOfTool(program: string): readonly string[] | undefined {
  return toolsOfProgram.get(program)?.flatMap(({ valueOptions = [] }) => valueOptions);
}

/** Undefined where the words are not among those that are known. */
export function harmlessTool(program: string, all: readonly string[]): Verdict | undefined {
  for (const tool of toolsOfProgram.get(program) ?? []) {
    const args = splitArguments(all, tool.valueOptions);
    const isKnown = (one: typeof args): boolean =>
      tool.words.some((words) => fitsWords(words, one));
    if (tool.takesSeveral === true) {
      const each = args.positional.map((word) => ({ ...args, positional: [word] }));
      if (each.length > 0 && each.every(isKnown)) return harmless;
    } else if (isKnown(args)) return harmless;
  }
  return undefined;
}

/** An empty alternative is the program by itself. */
function fitsWords(words: string, args: ReturnType<typeof splitArguments>): boolean {
  if (words === '' || words.endsWith('|')) {
    if (args.positional.length === 0) return true;
    if (words === '') return false;
  }
  return fits(words, args);
}

/**
 * For the shells: words of some tools, each of which alone is enough to know that nothing is harmed.
 * @param isDestructive true where some rule may fit a command that begins so
 */
export function harmlessPairs(
  programs: readonly string[],
  isDestructive: (program: string, word: string) => boolean,
): readonly string[] {
  return programs.flatMap((program) =>
    (toolsOfProgram.get(program) ?? []).flatMap(({ words, takesSeveral }) =>
      words
        .filter((pattern) => takesSeveral !== true && /^[\w|-]+$/.test(pattern))
        .flatMap((pattern) => pattern.split('|'))
        .filter((word) => /^[a-z]/.test(word) && !isDestructive(program, word))
        .map((word) => `${program} ${word}`),
    ),
  );
}
