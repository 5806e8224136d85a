import { expect, type Locator, type Page } from '@playwright/test';
import { type DashboardPage, shownNumber } from './DashboardPage.ts';

/** Why the margin is what it is: its steps, and where a figure is from. */
export class WhyPage {
  readonly page: Page;
  readonly steps: Locator;
  readonly detail: Locator;
  readonly origin: Locator;

  constructor(readonly dashboard: DashboardPage) {
    this.page = dashboard.page;
    this.steps = this.page.getByTestId('margin-why').getByRole('listitem').getByRole('button');
    this.detail = this.page.getByTestId('margin-why-detail');
    this.origin = this.page.getByRole('dialog');
  }

  async open(): Promise<void> {
    await this.dashboard.chooseDockTab('Explain');
    await this.page.getByRole('radio', { name: 'Margin', exact: true }).last().click();
    await this.answered();
  }

  async answered(): Promise<void> {
    await expect(this.steps.last()).toBeVisible();
    await this.dashboard.answered();
  }

  step(name: string | RegExp): Locator {
    return this.steps.filter({ hasText: name });
  }

  /** Each line as it is written: its name and its figure, in cents. */
  async readSteps(): Promise<{ readonly name: string; readonly cents: number }[]> {
    const lines = await this.steps.evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => (cell as HTMLElement).innerText.trim())),
    );
    return lines.map((cells) => ({ name: cells[0]!, cents: Math.round(100 * shownNumber(cells.at(-1)!)) }));
  }

  /** The figure of the verdict under this label, which tells where it is from. */
  figure(testId: 'initial-margin' | 'maintenance' | 'free-margin' | 'used'): Locator {
    return this.dashboard.verdict.getByTestId(testId).getByTitle('Where is this from?').last();
  }

  /** Cells of the stress grid and rows of the book that are lit. */
  get litCells(): Locator {
    return this.dashboard.stressGrid.locator('[data-lit]');
  }

  get litRows(): Locator {
    return this.dashboard.book.locator('tr[data-lit]');
  }
}
