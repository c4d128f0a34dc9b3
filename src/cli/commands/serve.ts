import type { RunCommand } from '../command.ts';
import { serve } from '../serve.ts';

/** Speaks JSON-RPC on its IPC channel where it was forked with one, else on stdin and stdout. */
export const runServe: RunCommand = async ({ engine, signal }) => {
  await serve(engine, signal);
  return null;
};
