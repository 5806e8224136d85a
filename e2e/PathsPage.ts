import { expect, type Locator } from '@playwright/test';
import type { DashboardPage } from './DashboardPage.ts';
import type { ChartElement } from '../src/ui/Chart.tsx';

/** The coverage panel's other face: equity and margin along paths. */
export class PathsPage {
  readonly panel: Locator;
  readonly headline: Locator;
  readonly details: Locator;

  constructor(dashboard: DashboardPage) {
    this.panel = dashboard.panel('Coverage');
    this.headline = this.panel.getByTestId('paths-headline');
    this.details = this.panel.getByTestId('paths-details');
  }

  async show(): Promise<void> {
    await this.panel.getByRole('radio', { name: 'Paths' }).click();
  }

  /** Resolves when all paths are walked. */
  async walked(): Promise<void> {
    await expect(this.headline).toBeVisible({ timeout: 60_000 });
    await expect(this.panel.getByRole('progressbar')).toHaveCount(0, { timeout: 90_000 });
  }

  async choose(field: 'Length of the paths' | 'How often equity is looked at', option: string): Promise<void> {
    await this.panel.getByRole('combobox', { name: field }).selectOption(option);
  }

  /** Chance of a touch by day. */
  async chances(): Promise<readonly number[]> {
    const numbers = await this.panel
      .getByTestId('touch-chart')
      .evaluate((element) => (element as ChartElement).__headroomSeries!());
    return numbers.rows.map((row) => row[1] as number);
  }
}
