/*
 * What is used of the MCP SDK and of the converter of schemas: a bundle of its own (`dist/mcp.sdk.cjs`), which is loaded
 * by `porchlight mcp` and never else.
 */
export { Server } from '@modelcontextprotocol/sdk/server/index.js';
export { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
export {
  CallToolRequestSchema,
  ErrorCode,
  ListToolsRequestSchema,
  McpError,
} from '@modelcontextprotocol/sdk/types.js';
export { toJsonSchema } from '@valibot/to-json-schema';
