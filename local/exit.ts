import { errorCode, reason, SetupError } from './errors.ts';

/** Runs a command's main; what it throws ends the process with 1, a SetupError as one line, anything else with its stack. */
export async function withErrors(main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof SetupError) process.stderr.write(`\n  ${error.message}\n\n`);
    else if (errorCode(error)?.startsWith('ERR_PARSE_ARGS') === true)
      process.stderr.write(`\n  ${reason(error)}\n\n`);
    else console.error(error);
  }
}
