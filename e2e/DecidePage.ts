import { expect, type Locator, type Page } from '@playwright/test';
import type { DashboardPage } from './DashboardPage.ts';

/** The panel that answers what frees margin, in which order to trade, and what the coming expiries do. */
export class DecidePage {
  readonly page: Page;
  readonly panel: Locator;
  readonly cuts: Locator;
  readonly propose: Locator;

  constructor(readonly dashboard: DashboardPage) {
    this.page = dashboard.page;
    this.panel = this.page.getByTestId('decide-panel');
    this.cuts = this.panel.getByRole('listbox', { name: 'Cuts by margin freed' });
    this.propose = this.panel.getByRole('button', { name: 'Propose' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('tablist', { name: 'Dock' }).getByRole('tab', { name: 'Decide' }).click();
  }

  async type(command: string): Promise<void> {
    await this.dashboard.command.fill(command);
    await this.page.keyboard.press('Enter');
    await this.dashboard.answered();
  }

  async view(name: 'Cheapest cut' | 'Fill order' | 'Expiry cliff'): Promise<void> {
    await this.page.getByRole('radiogroup', { name: 'Question' }).getByRole('radio', { name }).click();
  }

  /** The search is over, and its list answers what was asked. */
  async searched(): Promise<void> {
    await expect(this.panel.getByText(/^Searching/)).toHaveCount(0, { timeout: 60_000 });
    await expect(this.cuts.getByRole('option').first()).toBeVisible({ timeout: 60_000 });
  }

  chosen(): Locator {
    return this.cuts.getByRole('option', { selected: true });
  }

  /** The margin that the chosen cut frees, as it is written. */
  async freed(): Promise<number> {
    const text = await this.chosen().innerText();
    return Number(text.split(/\s/)[0]!.replaceAll(',', ''));
  }

  order(name: 'Best' | 'Worst'): Locator {
    return this.panel.getByRole('region', { name: `${name} order` });
  }
}
