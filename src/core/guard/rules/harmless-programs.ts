// Programs that are surely harmless to the data whatever they are told: they look, speak, compute, build
// or reach another machine. What is neither here nor in a rule counts as able to reach the data. The
// shells know this list, too: a line of nothing else does not start anything.

import { isInstalled } from '../program-names.ts';
import { optionValues, splitArguments } from '../options.ts';

const ofShells =
  'echo printf true false : test [ [[ exit return break continue export declare local readonly typeset unset set shift shopt setopt unsetopt alias unalias cd chdir pushd popd dirs pwd read mapfile readarray getopts let wait sleep type which where whereis whence hash history fc umask ulimit jobs fg bg disown kill suspend logout times bindkey compdef complete compgen autoload zstyle zmodload promptinit compinit rehash enable help begin end';

const looking =
  'ls ll la l dir vdir gls eza exa lsd tree stat file du df dust duf lsof lsblk findmnt cat bat batcat head tail less more most tac nl wc grep egrep fgrep zgrep rg ag ack zcat xzcat bzcat zless gzcat strings od hexdump hd cut tr paste join comm cmp diff diff3 colordiff delta icdiff md5sum sha1sum sha224sum sha256sum sha384sum sha512sum shasum cksum sum b2sum b3sum md5 jq column fold fmt expand unexpand rev look factor seq expr bc dc numfmt basename dirname realpath readlink pathchk date cal uptime whoami id groups users who w last uname arch hostname hostnamectl nproc free vmstat iostat mpstat ps pgrep pstree top htop btop lscpu lsusb lspci dmesg journalctl printenv locale tty stty tput clear reset man info tldr apropos yes mktemp mkfifo mkdir touch chmod chown chgrp sync fzf glow lolcat figlet cowsay neofetch fastfetch';

const writingWhereTold = 'sort uniq shuf iconv openssl xxd base64 yq tree pandoc';

const remote =
  'ssh ssh-add ssh-keyscan mosh ping traceroute dig nslookup host netstat ss ip ifconfig telnet whois gh glab hub kubectl helm aws gcloud az doctl flyctl fly vercel netlify ngrok terraform tofu pulumi http https xh httpie';

const editing =
  'code code-insiders codium subl nano pico micro hx helix kak open xdg-open start explorer wslview';

const building =
  'eslint eslint_d prettier prettierd tsc vue-tsc tsgo vite next nuxi astro webpack webpack-cli rollup esbuild swc babel parcel tsup tsdown rolldown rspack biome oxlint oxfmt xo standard stylelint commitlint lint-staged husky knip depcheck madge size-limit typedoc jsdoc storybook svelte-check ncu npm-check-updates syncpack license-checker source-map-explorer lighthouse serve http-server live-server browser-sync sass postcss tailwindcss graphql-codegen openapi-typescript buf protoc create-vite create-next-app create-react-app jest vitest mocha ava tap jasmine karma c8 nyc playwright cypress puppeteer testem wdio pytest py.test unittest tox nox nose2 behave coverage ruff black isort flake8 pylint pyflakes pycodestyle mypy pyright basedpyright ty bandit vulture pydoc mkdocs sphinx-build pip pip3 pip-compile pip-audit venv virtualenv ensurepip py_compile compileall http.server json.tool site sysconfig timeit cprofile rubocop standardrb reek brakeman rspec minitest yard rdoc ri gem phpunit pest phpstan psalm phpcs phpcbf php-cs-fixer pint rustc rustfmt rustup rustdoc cargo-fmt gofmt goimports golangci-lint staticcheck gopls gcc g++ cc c++ clang clang++ clang-format clang-tidy ld ar nm objdump ldd cmake ninja meson ctest bazel buck javac javap jar kotlinc scalac ktlint checkstyle hadolint shellcheck shfmt yamllint markdownlint markdownlint-cli2 actionlint tflint pre-commit cloc scc tokei cover pprof dist vet brew apt apt-get apt-cache aptitude dpkg dnf yum pacman apk zypper snap flatpak port nvm fnm n volta asdf rbenv pyenv jenv sdk nodenv corepack xcodebuild xcrun';

const ofPowerShell =
  'get-childitem gci get-content gc get-location gl get-item gi get-process gps get-command gcm get-help get-member gm get-date get-history get-variable select-string sls select-object where-object sort-object measure-object group-object compare-object format-table ft format-list fl out-host out-string out-null write-host write-output write-error write-warning write-verbose set-location sl test-path resolve-path split-path join-path convertto-json convertfrom-json import-module start-sleep cls';

const names: ReadonlySet<string> = new Set(
  [ofShells, looking, writingWhereTold, remote, editing, building, ofPowerShell].flatMap((list) =>
    list.split(' '),
  ),
);

/** Builders and test runners run code of the project; these never do. */
const quiet: ReadonlySet<string> = new Set(
  [
    ofShells,
    looking,
    writingWhereTold,
    remote,
    editing,
    ofPowerShell,
    'git vi vim nvim emacs',
  ].flatMap((list) => list.split(' ')),
);

/** True where data that changed meanwhile was changed by somebody else. */
export function neverChangesData(program: string): boolean {
  return quiet.has(program);
}

/** For the shells: programs behind which nobody has to look whether data changed. */
export function quietPrograms(): readonly string[] {
  return [...quiet];
}

/** @param word as it was typed: a file of the project may have the name of a program */
export function isHarmlessProgram(program: string, word: string): boolean {
  return names.has(program) && isInstalled(word);
}

interface Outputs {
  /** Options whose value is a file that is written. */
  readonly options?: readonly string[];
  /** Options with which the files that are named are changed themselves. */
  readonly inPlace?: readonly string[];
  /** The place of a word that is a file to write. */
  readonly word?: number;
}

/** Programs of the list that write what they print into a file when told to. */
const outputs: Readonly<Record<string, Outputs>> = {
  sort: { options: ['-o', '--output'] },
  shuf: { options: ['-o', '--output'] },
  iconv: { options: ['-o', '--output'] },
  tree: { options: ['-o'] },
  base64: { options: ['-o', '--output'] },
  pandoc: { options: ['-o', '--output'] },
  openssl: { options: ['-out', '-keyout', '-writerand'] },
  less: { options: ['-o', '-O', '--log-file', '--LOG-FILE'] },
  uniq: { word: 1 },
  xxd: { word: 1 },
  'json.tool': { word: 1 },
  yq: { inPlace: ['-i', '--inplace', '--in-place'] },
};

/** Files that the program with these arguments writes. */
export function outputsOf(program: string, args: readonly string[]): readonly string[] {
  const known = Object.hasOwn(outputs, program) ? outputs[program] : undefined;
  if (known === undefined) return [];
  const { options = [], inPlace = [], word } = known;
  const { positional } = splitArguments(args, options);
  return [
    ...optionValues(args, ...options),
    ...(word === undefined ? [] : positional.slice(word, word + 1)),
    ...(args.some((arg) => inPlace.includes(arg)) ? positional.slice(1) : []),
  ];
}

/**
 * For the shells: each program with the letters of options that need a second look; `0` where a word
 * that is no option does.
 */
export function harmlessAtOnce(): readonly (readonly [program: string, unless: string])[] {
  return [...names].map((name) => [name, lettersOf(name)]);
}

function lettersOf(name: string): string {
  const known = Object.hasOwn(outputs, name) ? outputs[name] : undefined;
  if (known?.word !== undefined) return '0';
  const options = [...(known?.options ?? []), ...(known?.inPlace ?? [])];
  return [...new Set(options.map((option) => option.replace(/^-+/, '').charAt(0)))].join('');
}
