// Runs mocha inside the extension host and tells the runner outside, over a loopback connection,
// each line as it is printed and the counts at the end. Serves code-server and test-electron alike.
import { connect } from 'node:net';
import { once } from 'node:events';
import { format } from 'node:util';
import Mocha from 'mocha';

/** One line of JSON each; `end` is the last. */
export type TestMessage =
  | { readonly line: string }
  | { readonly end: { readonly passed: number; readonly failed: number } };

/** @param load runs the test files, which call `describe` and `it` while it runs. */
export async function runTests(load: () => void): Promise<void> {
  const socket = connect(Number(process.env['SAVEPOINT_TEST_PORT']), '127.0.0.1');
  await once(socket, 'connect');
  const send = (message: TestMessage): boolean => socket.write(`${JSON.stringify(message)}\n`);
  const counts = await runMocha(load, (line) => send({ line })).catch((error: unknown) => {
    send({ line: format(error) });
    return { passed: 0, failed: 1 };
  });
  send({ end: counts });
  socket.end();
  if (counts.failed > 0) throw new Error(`${counts.failed} failed`);
}

async function runMocha(
  load: () => void,
  print: (line: string) => void,
): Promise<{ passed: number; failed: number }> {
  const mocha = new Mocha({
    ui: 'bdd',
    color: process.env['SAVEPOINT_TEST_COLOR'] === '1',
    timeout: 60_000,
    forbidOnly: true,
    forbidPending: true,
    ...grep(),
  });
  Mocha.reporters.Base.consoleLog = (...values: readonly unknown[]) => print(format(...values));
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  load();
  return new Promise((resolve) => {
    const runner = mocha.run(() => {
      const { passes, failures } = runner.stats ?? { passes: 0, failures: 0 };
      resolve({ passed: passes, failed: failures });
    });
  });
}

function grep(): { grep?: string } {
  const pattern = process.env['SAVEPOINT_TEST_GREP'];
  return pattern ? { grep: pattern } : {};
}
