import type { Locator, Page } from '@playwright/test';
import type { ChartElement } from '../src/ui/Chart.tsx';
import type { Numbers } from '../src/ui/numbers.ts';
import type { DashboardPage } from './DashboardPage.ts';

/** The margin runway and its second face, the liquidation frontier. */
export class RunwayPage {
  readonly page: Page;
  readonly panel: Locator;
  readonly sentence: Locator;
  readonly picture: Locator;
  readonly table: Locator;

  constructor(readonly dashboard: DashboardPage) {
    this.page = dashboard.page;
    this.panel = dashboard.panel('Margin runway');
    this.sentence = this.panel.getByTestId('runway-sentence');
    this.picture = this.panel.getByRole('group', { name: 'Liquidation frontier' });
    this.table = this.panel.getByRole('table', { name: /^Liquidation frontier/ });
  }

  async show(face: 'Runway' | 'Frontier'): Promise<void> {
    await this.panel.getByRole('radio', { name: face }).click();
    await this.dashboard.answered();
  }

  async read(): Promise<string> {
    await this.dashboard.answered();
    return (await this.sentence.innerText()).replaceAll('\u00a0', ' ');
  }

  /** Headroom behind the picture, IV from high to low. */
  numbers(): Promise<Numbers> {
    return this.picture.evaluate((element) => (element as ChartElement).__headroomSeries!());
  }

  /** Clicks at shares of the picture, from the left and from the top. */
  async click(across: number, down: number): Promise<void> {
    const { width, height } = (await this.picture.boundingBox())!;
    await this.picture.click({ position: { x: across * width, y: down * height } });
  }
}
