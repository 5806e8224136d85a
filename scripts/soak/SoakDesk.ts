import { expect, type Page } from '@playwright/test';
import type { DashboardPage } from '../../e2e/DashboardPage.ts';
import type { RandomNumbers } from './RandomNumbers.ts';

const MOST_LEGS = 24;
const FEWEST_LEGS = 3;
const STRUCTURES = ['Strangle', 'Straddle', 'Condor', 'Calendar', 'Hedge delta'];
/** More edits than an engine remembers what it was asked in. */
const SETTLING_EDITS = 40;
const TABS = ['Chain', 'Rulebooks', 'Greeks', 'Parameters', 'Explain', 'Backtest', 'Surface'] as const;
/** What may be typed into the VaR settings. */
const SETTINGS: readonly (readonly [field: string, values: readonly string[], usual: string])[] = [
  ['VaR confidence', ['95', '97.5', '99', '99.5'], '99'],
  ['ES confidence', ['95', '97.5', '99'], '97.5'],
  ['Horizon', ['1', '2', '5', '10'], '1'],
  ['Paths', ['10000', '20000', '50000', '100000'], '100000'],
  ['Seed', ['1', '2', '3', '4', '5'], '1'],
];

/** Quantity by leg, what is proposed and what is held added up. */
type Legs = ReadonlyMap<string, number>;

/** A person at the desk who does anything, and notices when the book then does not hold what it should. */
export class SoakDesk {
  readonly #page: Page;
  readonly #dashboard: DashboardPage;
  readonly #random: RandomNumbers;
  /** The book as it was before something was proposed; null where nothing is. */
  #unproposed: Legs | null = null;

  constructor(dashboard: DashboardPage, random: RandomNumbers) {
    this.#page = dashboard.page;
    this.#dashboard = dashboard;
    this.#random = random;
  }

  /** Does something, checks the legs, and says what it did. */
  async act(): Promise<string> {
    const legs = await this.#legs();
    if (this.#unproposed !== null && this.#random.uniform() < 0.5)
      return this.#random.uniform() < 0.6 ? this.#keep(legs) : this.#drop();
    if (this.#unproposed === null && legs.size > MOST_LEGS) return this.#remove(legs);
    if (this.#unproposed === null && legs.size < FEWEST_LEGS) return this.#propose(legs);
    const chance = this.#random.uniform();
    if (chance < 0.4) return this.#setQuantity(legs);
    if (chance < 0.55) return this.#propose(legs);
    if (chance < 0.62) return this.#remove(legs);
    if (chance < 0.72) return this.#undoAndRedo(legs);
    if (chance < 0.8) return this.#chooseTab();
    if (chance < 0.85) return this.#chooseRulebook();
    if (chance < 0.9) return this.#changeVarSetting();
    return this.#changeView();
  }

  /** Brings the desk to where it began, and stays there for a few edits, so that what is held can be compared with any other time. */
  async settle(): Promise<void> {
    if (this.#unproposed !== null) await this.#drop();
    for (const [name, , usual] of SETTINGS) await this.#enterSetting(name, usual);
    await this.#dashboard.chooseCoin('BTC');
    await this.#dashboard.stressMetric('P&L').click();
    await this.#dashboard.rulebooks.first().click();
    await this.#dashboard.chooseDockTab('Chain');
    await this.#dashboard.chooseFromMenu('Open', 'Sample book');
    await this.#dashboard.answered(120_000);
    const [leg] = (await this.#legs()).keys();
    const field = this.#dashboard.quantity(leg!);
    const [one, other] = [await field.inputValue(), '-7'];
    for (let edit = 0; edit < SETTLING_EDITS; edit += 1) {
      await field.fill(edit % 2 === 0 ? other : one);
      await field.press('Enter');
      await this.#dashboard.answered(120_000);
    }
  }

  async #setQuantity(legs: Legs): Promise<string> {
    // A leg that a trade is proposed in stands in two rows.
    const leg = this.#random.pick([...(this.#unproposed ?? legs).keys()]);
    const field = this.#dashboard.quantity(leg);
    if ((await field.count()) !== 1) return `nothing, ${leg} stands in two rows`;
    const former = numberOf(await field.inputValue());
    const unit = Math.abs(former) >= 1000 ? 1000 : 1;
    let quantity = former;
    while (quantity === former || quantity === 0) quantity = unit * this.#random.whole(-40, 40);
    await field.fill(String(quantity));
    await field.press('Enter');
    this.#unproposed &&= changed(this.#unproposed, leg, quantity);
    await this.#expectLegs(changed(legs, leg, quantity), `after the quantity of ${leg} became ${quantity}`);
    return `quantity of ${leg} ${quantity}`;
  }

  async #propose(legs: Legs): Promise<string> {
    const structure = this.#random.uniform() < 0.4 ? this.#random.pick(STRUCTURES) : null;
    const said = await this.#said();
    if (structure === null) {
      await this.#dashboard.chooseDockTab('Chain');
      const prices = this.#dashboard.chain.getByRole('button', { name: /^(?:Sell|Buy) .* at / });
      await prices.first().waitFor();
      const count = await prices.count();
      await prices.nth(this.#random.whole(0, count - 1)).click();
    } else await this.#dashboard.chip(structure).click();
    // A structure that the market does not allow, or that changes nothing, proposes nothing, and says so.
    await expect
      .poll(async () => (await this.#dashboard.keepButton.isVisible()) || (await this.#said()) !== said, {
        message: 'a proposal, or why there is none',
        timeout: 20_000,
      })
      .toBe(true);
    await this.#dashboard.answered(60_000);
    if (await this.#dashboard.keepButton.isVisible()) this.#unproposed ??= legs;
    return `proposal of ${structure ?? 'an option of the chain'}`;
  }

  async #said(): Promise<string> {
    return (await this.#dashboard.toast.allInnerTexts()).join();
  }

  async #keep(legs: Legs): Promise<string> {
    await this.#dashboard.keepButton.click();
    await expect(this.#dashboard.keepButton).toBeHidden();
    this.#unproposed = null;
    await this.#expectLegs(legs, 'after the proposal was kept');
    return 'keep';
  }

  async #drop(): Promise<string> {
    await this.#dashboard.dropButton.click();
    await expect(this.#dashboard.keepButton).toBeHidden();
    const former = this.#unproposed!;
    this.#unproposed = null;
    await this.#expectLegs(former, 'after the proposal was dropped');
    return 'drop';
  }

  async #remove(legs: Legs): Promise<string> {
    if (this.#unproposed !== null) return 'nothing, a trade is proposed';
    const leg = this.#random.pick([...legs.keys()]);
    await this.#dashboard.book.getByRole('row', { name: leg }).first().hover();
    await this.#dashboard.book.getByRole('button', { name: `Remove ${leg}`, exact: true }).click();
    await this.#expectLegs(changed(legs, leg, 0), `after ${leg} was removed`);
    return `removal of ${leg}`;
  }

  async #undoAndRedo(legs: Legs): Promise<string> {
    if (this.#unproposed !== null) return 'nothing, a trade is proposed';
    const steps = this.#random.whole(1, 3);
    let undone = 0;
    for (; undone < steps && (await this.#dashboard.undoButton.isEnabled()); undone += 1)
      await this.#dashboard.undoButton.click();
    for (let redone = 0; redone < undone; redone += 1) await this.#dashboard.redoButton.click();
    await this.#expectLegs(legs, `after ${undone} steps back and forth`);
    // What was undone last may have been a proposal that was dropped or kept.
    if (await this.#dashboard.keepButton.isVisible()) this.#unproposed = legs;
    return `undo and redo, ${undone} steps`;
  }

  async #chooseTab(): Promise<string> {
    const tab = this.#random.pick(TABS);
    await this.#dashboard.chooseDockTab(tab);
    return `tab ${tab}`;
  }

  async #chooseRulebook(): Promise<string> {
    const rulebooks = this.#dashboard.rulebooks;
    const at = this.#random.whole(0, (await rulebooks.count()) - 1);
    await rulebooks.nth(at).click();
    return `rulebook ${at + 1}`;
  }

  async #changeVarSetting(): Promise<string> {
    const [name, values] = this.#random.pick(SETTINGS);
    const value = this.#random.pick(values);
    await this.#enterSetting(name, value);
    return `${name} ${value}`;
  }

  async #enterSetting(name: string, value: string): Promise<void> {
    await this.#page.getByRole('button', { name: 'VaR settings' }).click();
    const field = this.#page.getByRole('dialog', { name: 'VaR settings' }).getByRole('spinbutton', { name });
    await field.fill(value);
    await field.press('Enter');
    await this.#page.keyboard.press('Escape');
    await expect(field).toBeHidden();
  }

  async #changeView(): Promise<string> {
    const view = this.#random.pick(['unit', 'theme', 'coin', 'grid'] as const);
    if (view === 'unit') await this.#dashboard.chooseUnit('USD');
    if (view === 'unit' && this.#random.uniform() < 0.5) await this.#page.keyboard.press('u');
    if (view === 'theme') await this.#page.getByRole('button', { name: /^Use the (?:light|dark) theme/ }).click();
    if (view === 'coin') await this.#dashboard.chooseCoin(this.#random.pick(['BTC', 'ETH']));
    if (view === 'grid') await this.#dashboard.stressMetric(this.#random.pick(['P&L', 'Margin', 'Free'])).click();
    return `view: ${view}`;
  }

  async #legs(): Promise<Legs> {
    const rows = await this.#dashboard.book
      .getByRole('spinbutton', { name: /^Quantity of / })
      .evaluateAll((fields) =>
        fields.map((field) => [field.ariaLabel ?? '', (field as HTMLInputElement).value] as const),
      );
    const legs = new Map<string, number>();
    for (const [label, value] of rows) {
      const leg = label.replace(/^Quantity of /, '');
      legs.set(leg, rounded((legs.get(leg) ?? 0) + numberOf(value)));
    }
    for (const [leg, quantity] of legs) if (quantity === 0) legs.delete(leg);
    return legs;
  }

  async #expectLegs(expected: Legs, when: string): Promise<void> {
    await expect
      .poll(async () => Object.fromEntries(await this.#legs()), { message: `legs ${when}`, timeout: 20_000 })
      .toEqual(Object.fromEntries(expected));
  }
}

function changed(legs: Legs, leg: string, quantity: number): Legs {
  const next = new Map(legs);
  if (quantity === 0) next.delete(leg);
  else next.set(leg, quantity);
  return next;
}

function numberOf(text: string): number {
  return Number(text.replaceAll(',', '').replace('−', '-'));
}

/** Sums of quantities of up to eight digits, without what binary fractions add. */
function rounded(quantity: number): number {
  return Math.round(quantity * 1e8) / 1e8;
}
