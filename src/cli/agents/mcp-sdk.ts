// What is used of the MCP SDK. A bundle of its own (dist/mcp.js), which only `savepoint mcp` loads:
// the other commands start as fast as without it.

export {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  McpServer,
  fromJsonSchema,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
export { serveStdio } from '@modelcontextprotocol/server/stdio';
