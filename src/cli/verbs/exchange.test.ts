import { createServer } from 'node:net';
import { expect, it } from 'vitest';
import { smallSnapshot } from '../../engine/fixtures/smallMarket.ts';
import { marketFileText } from '../../formats/marketFile.ts';
import { commandRun } from '../fixtures/commandRun.ts';

const files = { 'market.json': marketFileText(smallSnapshot()) };

it.each([
  [[], '/market'],
  [['--demo', '--market', 'market.json'], '/market'],
  [['--demo', '--port', '70000'], '/port'],
  [['--demo', '--port', '8.5'], '/port'],
  [['--demo', '--seed', '-1'], '/seed'],
  [['--demo', '--updates-per-second', '1e9'], '/updates-per-second'],
  [['--demo', '--moves', 'sideways'], '/moves'],
  [['--market', 'nowhere.json'], ''],
])('refuses %j and says where', async (args, path) => {
  const { code, stdout, stderr } = await commandRun(['exchange', ...args], files);
  expect([code, stdout, JSON.parse(stderr).error.path]).toStrictEqual([2, '', path]);
});

it('says that a port is taken', async () => {
  const other = createServer();
  const port = await new Promise<number>((resolve) =>
    other.listen(0, '127.0.0.1', () => resolve((other.address() as { port: number }).port)),
  );
  const { code, stderr } = await commandRun(['exchange', '--market', 'market.json', '--port', String(port)], files);
  expect([code, JSON.parse(stderr).error.path]).toStrictEqual([2, '/port']);
  await new Promise((resolve) => other.close(resolve));
});
