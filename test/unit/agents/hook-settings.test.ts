import { deepStrictEqual, match, ok, strictEqual, throws } from 'node:assert/strict';
import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { hasHooks, withHooks, withoutHooks } from '../../../src/cli/agents/hook-settings.ts';
import { findHookAgent, hookAgents } from '../../../src/core/agents/hook-agents.ts';
import type { EngineError } from '../../../src/core/errors.ts';

const claude = hookAgents['claude-code'];
const command = 'savepoint agent-hook claude-code';

/** Settings as people have them: comments, other hooks, other forms of writing. */
const files = {
  comments: `{
  // mine
  "permissions": { "allow": ["Bash(ls)"] },
  "hooks": {
    "PreToolUse": [
      { "matcher": "Bash", "hooks": [{ "type": "command", "command": "./check.sh" }] } // keep
    ]
  }
}
`,
  'other keys': '{\n  "permissions": { "allow": ["Bash(ls)"] } // keep\n}\n',
  tabs: '{\n\t"theme": "dark"\n}\n',
  'no end of line': '{\n    "theme": "dark"\n}',
  'windows lines':
    '{\r\n  "theme": "dark",\r\n  "hooks": {\r\n    "PreToolUse": [\r\n      {}\r\n    ]\r\n  }\r\n}\r\n',
  'trailing commas':
    '{\n  "hooks": {\n    "PreToolUse": [\n      { "hooks": [] },\n    ],\n  },\n}\n',
  'one line': '{"hooks":{"PreToolUse":[{"matcher":"Write","hooks":[]}],"Stop":[]}}',
  'a comment at the end': '{\n  "theme": "dark" // night\n  // "hooks": {}\n}\n',
};

describe('withHooks', () => {
  for (const [name, text] of Object.entries(files)) {
    it(`leaves all else as it is, and comes out again without a trace: ${name}`, () => {
      const installed = withHooks('settings.json', text, claude, command);
      ok(hasHooks('settings.json', installed, claude));
      strictEqual(withHooks('settings.json', installed, claude, command), installed);
      const before = parse(text) as { hooks?: { PreToolUse?: unknown[] } };
      const after = parse(installed) as { hooks: { PreToolUse: unknown[] } };
      deepStrictEqual(after.hooks.PreToolUse.slice(0, -1), before.hooks?.PreToolUse ?? []);
      const comments = text.match(/\/\/.*/g) ?? [];
      for (const comment of comments) ok(installed.includes(comment), comment);
      strictEqual(withoutHooks('settings.json', installed, claude), text);
    });
  }

  it('comes out again without a trace, whatever the settings are', () => {
    const indent = fc.constantFrom(0, 2, 4, '\t');
    const others = fc.array(fc.object({ maxDepth: 1 }), { minLength: 1, maxLength: 3 });
    const settings = fc.oneof(
      fc.dictionary(fc.string(), fc.jsonValue()),
      fc.record({ hooks: fc.dictionary(fc.constantFrom('PreToolUse', 'Stop'), others) }),
    );
    fc.assert(
      fc.property(settings, indent, fc.boolean(), (value, space, isWindows) => {
        const plain = JSON.stringify({ other: true, ...value, version: 1 }, null, space);
        const text = isWindows ? plain.replaceAll('\n', '\r\n') : plain;
        fc.pre(!/"hooks":\s*(\{\}|[^{\s])/.test(text));
        const installed = withHooks('p', text, claude, command);
        strictEqual(withHooks('p', installed, claude, command), installed);
        strictEqual(withoutHooks('p', installed, claude), text);
        JSON.parse(installed);
      }),
    );
  });

  it('makes the file where there is none, and lets nothing stay of it', () => {
    for (const agent of Object.values(hookAgents)) {
      const own = `savepoint agent-hook ${agent.name}`;
      const installed = withHooks('settings.json', null, agent, own);
      match(installed, new RegExp(`"command": "${own}"`));
      strictEqual(withHooks('settings.json', installed, agent, own), installed);
      strictEqual(withoutHooks('settings.json', installed, agent), null);
    }
  });

  it('brings a command of an older place up to date instead of adding another', () => {
    const old = withHooks(
      'p',
      files.tabs,
      claude,
      '/old/node /old/dist/cli.js agent-hook claude-code',
    );
    const fresh = withHooks('p', old, claude, command);
    strictEqual(fresh, withHooks('p', files.tabs, claude, command));
  });

  it('touches only our command in a group that others use, too', () => {
    const behind = JSON.stringify(claude.entries(command)[1]?.value);
    const group = (ours: string): string =>
      `{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"command":"./a"},{"command":"${ours}"}]}],"PostToolUse":[${behind}]}}`;
    const fresh = withHooks('p', group('/old/savepoint agent-hook claude-code'), claude, command);
    strictEqual(fresh, group(command));
    strictEqual(
      withoutHooks('p', fresh, claude),
      '{"hooks":{"PreToolUse":[{"matcher":"Bash","hooks":[{"command":"./a"}]}]}}',
    );
  });

  it('refuses settings that cannot be read, with the place', () => {
    const refused = (text: string, expected: RegExp): void => {
      throws(
        () => withHooks('/p/settings.json', text, claude, command),
        (error: EngineError) =>
          error.code === 'CONFIG_INVALID' &&
          error.path === '/p/settings.json' &&
          expected.test(error.message),
      );
    };
    refused('{\n  "a": 1,\n  b\n}', /line 3/);
    refused('[]', /no JSON object/);
    refused('{"hooks": []}', /"hooks" is no object/);
    refused('{"hooks": {"PreToolUse": {}}}', /"hooks\.PreToolUse" is no array/);
  });
});

describe('findHookAgent', () => {
  it('knows the names that people use', () => {
    const names = ['claude', 'Claude-Code', 'copilot', 'gemini-cli', 'codex', 'cursor', 'emacs'];
    deepStrictEqual(
      names.map((name) => findHookAgent(name)?.name),
      ['claude-code', 'claude-code', 'vscode', 'gemini', 'codex', 'cursor', undefined],
    );
  });
});
