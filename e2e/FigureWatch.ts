import { expect, type Page } from '@playwright/test';

/** One state of the verdict as it was painted. */
export interface PaintedVerdict {
  /** Of this device's clock. */
  readonly at: number;
  readonly initialMargin: number;
  /** The word of the source badge. */
  readonly source: string;
  /** What the verdict says of prices in doubt; empty where it says nothing. */
  readonly doubts: string;
}

/** A watch over every frame: which initial margin stood beside which flags. */
export class FigureWatch {
  #seen: PaintedVerdict[] = [];

  private constructor(private readonly page: Page) {}

  static async start(page: Page): Promise<FigureWatch> {
    await page.evaluate(() => {
      const seen: PaintedVerdict[] = [];
      Object.assign(globalThis, { paintedVerdicts: seen });
      const read = (testId: string) =>
        document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)?.innerText.replace(/\s+/g, ' ').trim() ?? '';
      let last = '';
      let isDue = false;
      const look = () => {
        isDue = false;
        const amount = /(?:^|\s)([−+]?[\d,]+(?:\.\d+)?)(?=\s|$)/.exec(
          read('initial-margin').replace(/\d+ legs? rests? on/, ''),
        );
        const state = {
          initialMargin: amount === null ? -1 : Number(amount[1]!.replaceAll(',', '').replace('−', '-')),
          source: read('source').split(' ')[0]!,
          doubts: read('doubts'),
        };
        const key = JSON.stringify(state);
        if (key !== last) seen.push({ at: Date.now(), ...state });
        last = key;
      };
      // Whatever is changed before a frame is painted is read once, in that frame.
      const onChange = () => {
        if (!isDue) requestAnimationFrame(look);
        isDue = true;
      };
      new MutationObserver(onChange).observe(document.body, { subtree: true, childList: true, characterData: true });
      look();
    });
    return new FigureWatch(page);
  }

  /** Everything that was painted since the last forgetting, what stood then first. */
  async painted(): Promise<readonly PaintedVerdict[]> {
    const seen = await this.page.evaluate(() =>
      (globalThis as unknown as { paintedVerdicts: PaintedVerdict[] }).paintedVerdicts.splice(0),
    );
    this.#seen.push(...seen);
    return this.#seen;
  }

  /** Begins anew with what stands now. */
  async forget(): Promise<void> {
    await this.painted();
    this.#seen = this.#seen.slice(-1);
  }

  /** Waits until a source of that word was painted, however short it stood. */
  async sawSource(word: RegExp, timeout: number): Promise<void> {
    await expect
      .poll(async () => (await this.painted()).map(({ source }) => source).join(' '), {
        timeout,
        intervals: [100, 250],
      })
      .toMatch(word);
  }
}
