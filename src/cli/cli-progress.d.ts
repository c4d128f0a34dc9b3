// What we use of cli-progress, which brings no types.

declare module 'cli-progress' {
  interface BarOptions {
    readonly format: () => string;
    readonly stream: NodeJS.WriteStream;
    readonly fps: number;
    readonly forceRedraw: boolean;
    readonly clearOnComplete: boolean;
    readonly linewrap: boolean;
  }

  export class SingleBar {
    constructor(options: BarOptions);
    start(total: number, value: number): void;
    stop(): void;
  }

  const cliProgress: { readonly SingleBar: typeof SingleBar };
  export default cliProgress;
}
