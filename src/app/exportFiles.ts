import { downloadText, fileName } from '../adapters/files/downloadText.ts';
import { areFiguresReproducible } from '../state/selectors.ts';
import { smileEditsInForce } from '../state/smileSlice.ts';
import type { AppStore } from '../state/store.ts';

/** The book as a `headroom/portfolio@1` file. */
export async function exportPortfolio(store: AppStore): Promise<void> {
  const { portfolioFileText } = await import('../formats/portfolioFile.ts');
  const { book } = store.getState();
  downloadText(fileName(book.name, 'json'), portfolioFileText(book), 'application/json');
}

/** The book as CSV. */
export async function exportCsv(store: AppStore): Promise<void> {
  const { portfolioCsvText } = await import('../formats/portfolioCsv.ts');
  const { book } = store.getState();
  downloadText(fileName(book.name, 'csv'), portfolioCsvText(book), 'text/csv');
}

/** Every figure on the screen as JSON, with what it was computed from. Only answers to the present inputs are called current. */
export async function exportReport(store: AppStore): Promise<void> {
  const { portfolioFileValue } = await import('../formats/portfolioFile.ts');
  const state = store.getState();
  const { market, report } = state;
  const document = {
    market: market && { id: market.id, asOf: new Date(market.asOf).toISOString(), source: market.source },
    portfolio: portfolioFileValue(state.book),
    proposedTrades: state.proposal?.trades ?? [],
    reproducible: areFiguresReproducible(state),
    chosenModel: state.model,
    parameters: state.parameters,
    smileEdits: smileEditsInForce(state),
    current: report !== null && report.inputVersion === state.inputVersion,
    before: report?.before ?? null,
    after: report?.after ?? null,
    stress: state.explore?.stress ?? null,
    liquidation: state.explore && {
      before: state.explore.curves.before.liquidation,
      after: state.explore.curves.after?.liquidation ?? null,
    },
    valueAtRisk: Object.values(state.varReports).flatMap((answer) => (answer.report === null ? [] : [answer.report])),
  };
  downloadText(
    fileName(`${state.book.name}-report`, 'json'),
    `${JSON.stringify(document, null, 2)}\n`,
    'application/json',
  );
}
