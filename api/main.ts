import { ConfigError, readApiConfig, type ApiConfig } from '../shared/node/config.ts';
import { Lifecycle } from '../shared/node/lifecycle.ts';
import { createLogger } from '../shared/node/logger.ts';
import { startApiNode } from './node.ts';

/** ms within which a stop must come to its end. */
const STOP_DEADLINE = 15_000;

function readConfig(): ApiConfig {
  try {
    return readApiConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}

const config = readConfig();
const logger = createLogger({ name: config.NODE_NAME, level: config.LOG_LEVEL });
const lifecycle = new Lifecycle(logger);
lifecycle.handleSignals(STOP_DEADLINE);
try {
  const { port, internalPort } = await startApiNode(config, logger, lifecycle);
  logger.info({ port, internalPort }, 'listening');
} catch (error) {
  const reason = error instanceof Error ? error.message : String(error);
  logger.fatal({ reason }, 'could not start');
  process.stderr.write(`The API node could not start: ${reason}\n`);
  await lifecycle.stop();
  process.exit(1);
}
