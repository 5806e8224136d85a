import { RiskError } from '../../engine/domain/failure.ts';
import { marginModels } from '../../engine/margin/marginModels.ts';
import { modelById } from '../../engine/margin/modelById.ts';
import { marginExplanation } from '../../engine/marginExplanation.ts';
import { readPortfolioAt } from '../inputFiles.ts';
import { jsonText } from '../jsonText.ts';
import { logNotices, readPricedBook } from '../pricedBook.ts';
import type { Verb } from '../Verb.ts';

export const explainMargin: Verb = {
  usage: '--market F --portfolio F [--proposed F] [--model ID]',
  help: `
  --market F       headroom/market@1
  --portfolio F    headroom/portfolio@1, or CSV: the book before the trade
  --proposed F     the same: the book after the trade. Without it the book's own requirement is explained from nothing
  --smile-edits F  headroom/smile-edits@1: level, skew, wings an expiry
  --model ID       a model of risk models (portfolio), with its default parameters

Answer: model, title, kind (trade or book), fromUsd, toUsd, fromCell, toCell (label, at {spotMove, volShock} or null), leftOut[]
and steps[] (kind, component, usd, from, to, legs[], parts[]); the steps add up to toUsd minus fromUsd. kind is
  alone   what is new, margined as a book of its own at its own worst; of a book, each leg and coin alone (parts[])
  offset  what the rest of the book takes off that, in the scenario that bound before
  cell    the move to another binding scenario, both in the book after
  charge  the change of a component that is not the worst of a scan`,
  options: {
    market: { type: 'string' },
    portfolio: { type: 'string' },
    proposed: { type: 'string' },
    'smile-edits': { type: 'string' },
    model: { type: 'string' },
  },
  async run(options, io) {
    const model = modelById(options.text('model') ?? 'portfolio', marginModels).id;
    const { market, portfolio, positions } = await readPricedBook(options, io);
    const file = options.text('proposed');
    const proposed = file === undefined ? null : await readPortfolioAt(file, io);
    logNotices(positions.notices, io);
    const { marketId: _marketId, ...answer } = marginExplanation(
      market,
      { marketId: market.snapshot.id, book: portfolio, proposed, model, parameters: {} },
      marginModels,
    );
    const lost = proposed?.legs.length === answer.leftOut.length && answer.leftOut.length > 0;
    if (lost) throw new RiskError('missing-data', `No leg of ${file} can be priced in this market`, '/positions');
    io.write(jsonText(answer));
  },
};
