import { defineConfig, devices } from '@playwright/test';

// `npm run e2e` (and `npm test`) builds, serves on a free port and names both address and browser. Started directly, say
// from an editor, Playwright serves the build itself and uses its own browser unless CHROMIUM_PATH says otherwise.
const { HEADROOM_URL, CHROMIUM_PATH, CI } = process.env;
const ownUrl = 'http://127.0.0.1:4373/';

export default defineConfig({
  testDir: '.',
  // A folder a port, so that two runs at once do not clear away each other's traces.
  outputDir: `../test-results/${new URL(HEADROOM_URL ?? ownUrl).port}`,
  fullyParallel: true,
  workers: CI ? 1 : 2,
  forbidOnly: Boolean(CI),
  // Limits end what hangs; a machine with much to do is slow, not wrong. A journey that needs its second try is named flaky.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  retries: CI ? 2 : 1,
  reporter: [['list']],
  use: {
    baseURL: HEADROOM_URL ?? ownUrl,
    serviceWorkers: 'block',
    // `npm run e2e -- --trace on` records what a failed run did; recording each run costs a third of its time.
    trace: 'off',
    screenshot: 'only-on-failure',
    locale: 'en-US',
    timezoneId: 'UTC',
  },
  projects: [
    {
      name: 'chromium',
      use: {
        ...devices['Desktop Chrome'],
        viewport: { width: 1440, height: 900 },
        launchOptions: {
          ...(CHROMIUM_PATH ? { executablePath: CHROMIUM_PATH } : {}),
          // As root, and in most containers, Chromium's sandbox cannot start.
          chromiumSandbox: false,
          args: [
            '--disable-background-networking',
            '--disable-component-update',
            '--disable-sync',
            '--no-first-run',
            '--disable-quic',
            // Nothing here draws with the graphics card, and imitating one takes a third of the processor.
            '--disable-gpu',
          ],
        },
      },
    },
  ],
  ...(HEADROOM_URL
    ? {}
    : {
        webServer: {
          command: 'node scripts/start.mjs --port 4373',
          cwd: '..',
          url: ownUrl,
          reuseExistingServer: !CI,
          timeout: 120_000,
        },
      }),
});
