import { expect, it } from 'vitest';
import type { EditedRequest } from '../src/engine/domain/editedReport.ts';
import { CODES, smallBook, smallSnapshot } from '../src/engine/fixtures/smallMarket.ts';
import { marketFileText } from '../src/formats/marketFile.ts';
import { RiskService } from './RiskService.ts';

const DAY = 86_400_000;

function marketText(): string {
  const snapshot = smallSnapshot();
  const closes = Array.from({ length: 300 }, (_, day): [number, number] => [
    snapshot.asOf - (300 - day) * DAY,
    90_000 * Math.exp(0.02 * Math.sin(day * day)),
  ]);
  return marketFileText({
    ...snapshot,
    underlyings: snapshot.underlyings.map((underlying) => ({
      ...underlying,
      history: { intervalDays: 1, closes, volatilityIndex: [] },
    })),
  });
}

it('answers an edit of a quantity with the report, VaR and grid of the book as it now is, and on bent smiles', async () => {
  const service = new RiskService();
  const opened = await service.openMarket(marketText());
  if (!opened.ok) throw new Error(opened.failure.message);
  const request = (calls: number): EditedRequest => ({
    inputVersion: calls,
    marketId: opened.value.id,
    book: smallBook([[`BTC-${CODES.month}-75000-P`, calls]]),
    proposed: null,
    models: ['portfolio', 'deribit-pm'],
    parameters: {},
    moves: { paths: 5_000, seed: 1, confidence: 0.99, horizonDays: 1, distribution: 'normal', degreesOfFreedom: 4 },
    stress: {
      spot: [-0.1, 0, 0.1],
      vol: [0, 0.5],
      volUnit: 'relative',
      days: 0,
      smile: 'sticky-strike',
      movers: 'all',
    },
  });
  const asked = async (question: EditedRequest) => {
    const answer = await service.edited(question);
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value;
  };
  const [one, two] = [await asked(request(-1)), await asked(request(-2))];
  expect(two.valueAtRiskUsd).toBeCloseTo(2 * one.valueAtRiskUsd, 8);
  expect(one.valueAtRiskUsd).toBeGreaterThan(0);
  expect(two.gridPnlUsd[1]![0]).toBeCloseTo(2 * one.gridPnlUsd[1]![0]!, 8);
  const { elapsedMs: _took, ...evaluated } = await reportOf(request(-2));
  expect(two.report).toMatchObject(evaluated);

  const month = smallSnapshot().underlyings[0]!.expiries[1]!.expiry;
  const bent = await asked({
    ...request(-2),
    smileEdits: [{ underlying: 'BTC', expiry: month, level: 0.05, skew: 0, wings: 0 }],
  });
  expect(bent.valueAtRiskUsd).not.toBe(two.valueAtRiskUsd);
  expect((await asked(request(-2))).valueAtRiskUsd).toBe(two.valueAtRiskUsd);
  expect(await service.edited({ ...request(1), marketId: 'another' })).toMatchObject({ ok: false });

  async function reportOf(question: EditedRequest) {
    const answer = await service.evaluate(question);
    if (!answer.ok) throw new Error(answer.failure.message);
    return answer.value;
  }
});
