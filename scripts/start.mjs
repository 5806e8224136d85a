// npm start: installs what is missing, builds, serves the production build and prints where.
// npm start -- --port 8080 begins looking for a free port there.
// npm start -- --market double starts a local exchange beside it and prints the address that follows it.
import { parseArgs } from 'node:util';
import { endWithNpm } from './endWithNpm.mjs';
import { installMissing } from './installMissing.mjs';
import { buildApp, serveApp } from './productionBuild.mjs';

const { values } = parseArgs({ options: { port: { type: 'string', default: '4173' }, market: { type: 'string' } } });
const firstPort = Number(values.port);
if (!Number.isInteger(firstPort) || firstPort < 1 || firstPort > 65_535) {
  console.error(`--port takes a number from 1 to 65535, not "${values.port}".`);
  process.exit(2);
}
if (values.market !== undefined && values.market !== 'double') {
  console.error(`--market takes "double", the local exchange, not "${values.market}".`);
  process.exit(2);
}

await installMissing();
console.log('Building ...');
try {
  await buildApp('dist');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(
    'Headroom could not be built. If you did not change the source, delete node_modules and run npm start again.',
  );
  process.exit(1);
}
const server = await serveApp('dist', firstPort);
const exchange = values.market === undefined ? null : await localExchange();
console.log(`Headroom is at ${server.url}${exchange === null ? '' : `?endpoint=${exchange.url}`}`);
if (exchange !== null)
  console.log(`It follows a local exchange with simulated prices at ${exchange.url}; faults: docs/exchange-double.md`);

const stop = async () => {
  await exchange?.close();
  await server.close();
  process.exit(0);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, stop);
endWithNpm(stop);

async function localExchange() {
  // It is TypeScript, and the loader is installed by now.
  const { tsImport } = await import('tsx/esm/api');
  const { startDemoExchange } = await tsImport('../src/cli/exchange/demoExchange.ts', import.meta.url);
  return startDemoExchange({});
}
