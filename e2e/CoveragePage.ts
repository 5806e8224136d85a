import { expect, type Locator } from '@playwright/test';
import type { DashboardPage } from './DashboardPage.ts';

/** How sure Monte Carlo VaR is, as it is written. */
export interface Sureness {
  readonly valueAtRisk: number;
  /** Standard error. */
  readonly error: number;
  readonly paths: number;
  readonly ending: string;
}

/** The coverage panel: how sure its Monte Carlo figure is, and what its paths are. */
export class CoveragePage {
  readonly panel: Locator;
  readonly figure: Locator;
  readonly means: Locator;
  readonly dialog: Locator;

  constructor(private readonly dashboard: DashboardPage) {
    this.panel = dashboard.panel('Coverage');
    this.figure = this.panel.getByTestId('refinement-figure');
    this.means = this.panel.getByTestId('refinement-means');
    this.dialog = dashboard.page.getByRole('dialog', { name: 'Proxy beside full revaluation' });
  }

  /** Resolves when the run has ended. */
  async settled(): Promise<Sureness> {
    await expect(this.figure).toContainText(/within|all paths drawn/, { timeout: 60_000 });
    await this.dashboard.answered();
    const text = await this.figure.innerText();
    const [, valueAtRisk, error, paths, ending] = /^VaR ([\d,]+) ±([\d,]+) · ([\d,]+)\spaths · (.+)$/.exec(text) ?? [];
    return { valueAtRisk: number(valueAtRisk), error: number(error), paths: number(paths), ending: ending ?? text };
  }

  /** Chooses in the settings of VaR, and closes them. */
  async choose(group: 'Revaluation' | 'Monte Carlo paths', name: string): Promise<void> {
    const { page } = this.dashboard;
    await this.panel.getByRole('button', { name: 'VaR settings' }).click();
    await page
      .getByRole('group', { name: group })
      .getByRole('radio', { name: new RegExp(`^${name}`) })
      .check();
    await page.keyboard.press('Escape');
  }

  /** What the open dialog tells, once all paths are computed both ways. */
  async verification() {
    await expect(this.dialog.getByRole('row', { name: /^VaR/ })).toBeVisible({ timeout: 60_000 });
    const rows = await this.dialog
      .getByRole('row')
      .filter({ has: this.dashboard.page.getByRole('cell') })
      .evaluateAll((all) => all.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.innerText)));
    const text = await this.dialog.innerText();
    return {
      rows: Object.fromEntries(rows.map(([name, ...cells]) => [name!, cells.map(number)])),
      paths: number(/any of ([\d,]+) paths/.exec(text)?.[1]),
      largestUsd: number(/paths is ([\d.,]+) USD/.exec(text)?.[1]),
      statedUsd: number(/within the ([\d.,]+) USD that the proxy states/.exec(text)?.[1]),
    };
  }
}

function number(text: string | undefined): number {
  return Number((text ?? 'none').replaceAll(',', '').replace('−', '-'));
}
