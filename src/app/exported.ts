import type { AppStore } from '../state/store.ts';

const files = () => import('./exportFiles.ts');

/** The book as a `headroom/portfolio@1` file. What writes files is loaded when one is asked for. */
export async function exportPortfolio(store: AppStore): Promise<void> {
  await (await files()).exportPortfolio(store);
}

/** The book as CSV. */
export async function exportCsv(store: AppStore): Promise<void> {
  await (await files()).exportCsv(store);
}

/** Every figure on the screen as JSON. */
export async function exportReport(store: AppStore): Promise<void> {
  await (await files()).exportReport(store);
}
