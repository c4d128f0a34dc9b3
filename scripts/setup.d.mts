export declare const root: string;
export declare function setUp(): Promise<string>;
export declare function toolEnvironment(runtime: string): NodeJS.ProcessEnv;
export declare function npm(
  args: readonly string[],
  options?: { cwd?: string; env?: NodeJS.ProcessEnv; quiet?: boolean },
): Promise<void>;
