export const root: string;
export const toolNode: string;
export class SetupError extends Error {}
export function plainEnvironment(source?: NodeJS.ProcessEnv): Record<string, string>;
export function npm(
  args: string[],
  options: { cwd?: string; env?: Record<string, string>; failure: string },
): void;
export function setUp(): void;
export function onAskedToEnd(callback: () => void): void;
export function setUpAndUseToolNode(): Promise<void>;
