import { expect, test as base } from '@playwright/test';
import { DashboardPage } from './DashboardPage.ts';
import { type PageWatch, textDefects, watchPage } from './watchPage.ts';

interface JourneyFixtures {
  /** Watches every journey's page; what it saw, and what the page says at the end, is judged when the journey ends. */
  readonly watch: PageWatch;
  readonly dashboard: DashboardPage;
}

/** A journey: the dashboard, and a page on which nothing may go wrong unnoticed. */
export const test = base.extend<JourneyFixtures>({
  watch: [
    async ({ page, baseURL }, run) => {
      const watch = await watchPage(page, baseURL!);
      await run(watch);
      if (page.isClosed()) return;
      expect(await textDefects(page), 'text that no person should read').toEqual([]);
      expect(watch.faults(), 'faults of the page').toEqual([]);
    },
    { auto: true },
  ],
  dashboard: async ({ page }, run) => {
    await run(new DashboardPage(page));
  },
});

export { expect };
