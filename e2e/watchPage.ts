import type { Page } from '@playwright/test';

/** What went wrong on a page since it was watched, a sentence each. */
export interface PageWatch {
  readonly faults: () => readonly string[];
  /** Faults that a journey brings about on purpose. */
  readonly expectFault: (pattern: RegExp) => void;
}

/**
 * Listens for what must never happen: errors in the console or uncaught, violations of the content policy, requests that
 * fail or leave the origin. Call it before the page is opened.
 */
export async function watchPage(page: Page, baseURL: string): Promise<PageWatch> {
  const faults: string[] = [];
  const expected: RegExp[] = [];
  const note = (fault: string) => {
    if (!expected.some((pattern) => pattern.test(fault))) faults.push(fault);
  };
  const { origin } = new URL(baseURL);

  page.on('console', (message) => {
    if (message.type() === 'error') note(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => note(`uncaught: ${error.message}`));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== origin) note(`request to another origin: ${request.url()}`);
  });
  page.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? '';
    // What a page that is left or reloaded no longer needs is aborted.
    if (reason !== 'net::ERR_ABORTED') note(`request failed: ${request.url()} ${reason}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) note(`response ${response.status()}: ${response.url()}`);
  });
  await page.exposeFunction('reportViolation', (violation: string) => note(`content policy: ${violation}`));
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = (globalThis as unknown as { reportViolation: (violation: string) => void }).reportViolation;
      report(`${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  return {
    faults: () => faults,
    expectFault: (pattern) => {
      expected.push(pattern);
    },
  };
}

/** Text on the page that no person should read: `NaN`, `undefined` and the like, in what is visible, named or described. */
export function textDefects(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const defect = /\bNaN\b|\bInfinity\b|\bundefined\b|\bnull\b|\[object |\bnot available\b/;
    const attributes = [
      'aria-label',
      'aria-valuetext',
      'aria-valuenow',
      'aria-description',
      'title',
      'alt',
      'placeholder',
      'abbr',
    ];
    const texts = document.body.innerText.split('\n');
    for (const element of document.querySelectorAll('body *')) {
      for (const name of attributes) texts.push(element.getAttribute(name) ?? '');
      if (element instanceof HTMLInputElement) texts.push(element.value);
    }
    return [...new Set(texts.filter((text) => defect.test(text)))];
  });
}
