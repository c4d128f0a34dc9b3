/**
 * A function that runs `task`, one at a time: calls that come while it runs share one further run.
 * Each promise settles with a run that began after its call.
 */
export function createCoalesced<T>(task: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  let next: Promise<T> | undefined;
  const start = async (): Promise<T> => {
    try {
      return await task();
    } finally {
      running = undefined;
    }
  };
  const run = (): Promise<T> => {
    if (running === undefined) {
      running = start();
      return running;
    }
    next ??= afterEnd(running).then(() => {
      next = undefined;
      return run();
    });
    return next;
  };
  return run;
}

async function afterEnd(running: Promise<unknown>): Promise<void> {
  try {
    await running;
  } catch {
    // Whoever started that run hears of it.
  }
}
