// One call of the program from its arguments to its exit code.

import { exitCode } from './exit-codes.ts';
import { parseArguments } from './program.ts';
import { reportError } from './report-error.ts';
import { createTerminal, flushOutput } from './terminal.ts';

export async function run(args: readonly string[]): Promise<void> {
  process.exitCode = await exitCodeOf(args);
  await flushOutput();
  // What the engine may have left running must not keep a terminal waiting.
  process.exit();
}

async function exitCodeOf(args: readonly string[]): Promise<number> {
  const before = args.slice(0, args.includes('--') ? args.indexOf('--') : args.length);
  const wishes = {
    json: before.includes('--json'),
    debug: before.includes('--debug'),
    quiet: before.includes('--quiet'),
  };
  const terminal = createTerminal({ quiet: wishes.quiet, env: process.env });
  try {
    const call = await parseArguments(args, terminal);
    if (call === null) return exitCode.done;
    const { runCommand } = await import('./run-command.ts');
    return await runCommand(call, terminal);
  } catch (error) {
    return reportError(error, terminal, wishes);
  }
}
