import { serveMcp } from '../agents/mcp-server.ts';
import type { RunCommand } from '../command.ts';

/** Speaks the Model Context Protocol on stdin and stdout. */
export const runMcp: RunCommand = async (context) => {
  await serveMcp(context);
  return null;
};
