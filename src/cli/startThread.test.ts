import { once } from 'node:events';
import { expect, it } from 'vitest';
import { startThread } from './startThread.ts';

it('runs a TypeScript module of ours, which hears what was said before it listened', async () => {
  const thread = startThread(new URL('./fixtures/echo.thread.ts', import.meta.url));
  thread.postMessage('said early');
  expect(await once(thread, 'message')).toEqual(['said early']);
  await thread.terminate();
});

it('tells as an error that a module cannot be loaded', async () => {
  const thread = startThread(new URL('./fixtures/missing.thread.ts', import.meta.url));
  const [error] = (await once(thread, 'error')) as [Error];
  expect(error.message).toContain('missing.thread.ts');
});
