import type { Page } from '@playwright/test';
import { expect, test } from './journey.ts';

const LEG = 'BTC 25 DEC 82k P';

/** Lets each worker end itself without a word, as one does that the system kills. */
async function endWorkers(page: Page): Promise<void> {
  expect(page.workers().length).toBeGreaterThanOrEqual(2);
  await Promise.all(page.workers().map((worker) => worker.evaluate(() => globalThis.close()).catch(() => undefined)));
}

/** Breaks each worker at its top level. A worker's own workers go with it, before their turn maybe. */
async function crashWorkers(page: Page): Promise<void> {
  expect(page.workers().length).toBeGreaterThanOrEqual(2);
  for (const worker of page.workers())
    await worker
      .evaluate(() => {
        setTimeout(() => {
          throw new Error('broken on purpose');
        });
      })
      .catch(() => undefined);
}

for (const [how, kill] of [
  ['crash', crashWorkers],
  ['vanish', endWorkers],
] as const)
  test(`workers that ${how} are replaced, and the new ones give the same figures`, async ({
    dashboard,
    page,
    watch,
  }) => {
    watch.expectFault(/broken on purpose/);
    test.slow();
    await dashboard.open();
    await dashboard.chooseDockTab('Greeks');
    await dashboard.answered();
    const former = await dashboard.readPanels();
    await dashboard.setQuantity(LEG, '-13');
    await dashboard.answered();
    const edited = await dashboard.readPanels();
    await dashboard.undo();

    const workers = page.workers().length;
    await kill(page);
    await dashboard.setQuantity(LEG, '-13');
    // What was last known stays until there is better.
    expect((await dashboard.readVerdict()).initialMargin).toMatch(
      new RegExp(`^(?:${former.verdict.initialMargin}|${edited.verdict.initialMargin})$`),
    );
    await dashboard.answered(60_000);
    expect(await dashboard.readPanels()).toEqual(edited);
    await expect(dashboard.verdict).not.toContainText('Not updated');
    await dashboard.undo();
    expect(await dashboard.readPanels()).toEqual(former);
    expect(page.workers(), 'none is left behind').toHaveLength(workers);
  });

test('a worker that dies at a question answers it in its next life, while the last figures stay', async ({
  dashboard,
  page,
  watch,
}) => {
  watch.expectFault(/broken on purpose/);
  await dashboard.open();
  const former = await dashboard.readVerdict();
  // From here on a question kills the worker that it is put to, once.
  await page.evaluate(() => {
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker) {
      Worker.prototype.postMessage = post;
      this.dispatchEvent(new ErrorEvent('error', { message: 'broken on purpose' }));
    };
  });
  await dashboard.setQuantity(LEG, '-13');
  await dashboard.answered();
  const verdict = await dashboard.readVerdict();
  expect(verdict).not.toEqual(former);
  await dashboard.undo();
  expect(await dashboard.readVerdict()).toEqual(former);
});
