// The child process that holds connections to live databases, and nothing else: closing any
// descriptor of a database file drops every lock that its process holds on it
// (https://sqlite.org/howtocorrupt.html §2.2), so a process that reads such files must not lock them.

import { createInterface } from 'node:readline';

/** Answers one JSON document per line on stdin with one per line on stdout, until stdin ends. */
export async function runLiveDatabase(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const request: unknown = JSON.parse(line);
    process.stdout.write(`${JSON.stringify({ unknown: request })}\n`);
  }
}
