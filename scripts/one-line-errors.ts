/** Runs a script's main part; what it throws is told in one line, without a stack. */
export async function withOneLineErrors(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }
}
