import { expect, type Locator, type Page } from '@playwright/test';
import type { DashboardPage } from './DashboardPage.ts';

/** The table of all rulebooks and what stands beside it. */
export class RulebooksPage {
  readonly page: Page;
  readonly panel: Locator;
  readonly table: Locator;

  constructor(readonly dashboard: DashboardPage) {
    this.page = dashboard.page;
    this.panel = this.page.getByTestId('rulebooks-panel');
    this.table = this.page.getByRole('table', { name: 'Rulebooks side by side' });
  }

  async open(): Promise<void> {
    await this.dashboard.chooseDockTab('Rulebooks');
    await this.sized();
  }

  /** Figures and sizes answer the book that is in sight. */
  async sized(): Promise<void> {
    await this.dashboard.answered();
    await expect(this.page.getByTestId('size-sentence')).toContainText(/\w/);
    await this.dashboard.answered();
  }

  row(title: string): Locator {
    return this.table.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: title, exact: true }) });
  }

  choose(title: string): Locator {
    return this.row(title).getByRole('rowheader').getByRole('button');
  }

  async titles(): Promise<string[]> {
    return this.table.getByRole('rowheader').allInnerTexts();
  }

  async sortBy(name: string): Promise<void> {
    await this.table.getByRole('button', { name: `Sort by ${name}` }).click();
  }

  /** Cells of a row as written, a rulebook that refuses the book in fewer. */
  async cells(title: string): Promise<string[]> {
    return this.row(title).getByRole('cell').allInnerTexts();
  }
}
