export declare function withLock<T>(
  path: string,
  reason: string,
  action: () => Promise<T>,
): Promise<T>;
