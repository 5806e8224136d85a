import type {
  BacktestMethod,
  BacktestProgress,
  BacktestReport,
  BacktestRequest,
  MethodBacktest,
  ShortfallTest,
} from '../domain/backtestReport.ts';
import { type Failure, RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { RunControl } from '../domain/RunControl.ts';
import type { Usd } from '../domain/units.ts';
import { tailProbability } from '../numerics/tailProbability.ts';
import { bookPositions } from '../scenario/bookPositions.ts';
import { type JointMoves, jointMoves } from '../scenario/jointMoves.ts';
import type { PreparedMarket } from '../scenario/preparedMarket.ts';
import { acerbiSzekely } from './acerbiSzekely.ts';
import { conditionalCoverageTest, exceptionPairs, independenceTest } from './christoffersenTest.ts';
import { exposures, totalPnl, underlyingsOf } from './exposures.ts';
import { kupiecTest } from './kupiecTest.ts';
import { type ForecastInputs, forecasters, historyScenarios } from './rollingForecasts.ts';
import { shortfallNull } from './shortfallNull.ts';
import { sortedPnl, type TailRisk } from './tailRisk.ts';
import { trafficLight } from './trafficLight.ts';

/** Fewer tested days than this tell nothing. */
const LEAST_DAYS = 30;
const WINDOW = [30, 5_000] as const;
const CONFIDENCE = [0.75, 0.9999] as const;
/** With fewer exceptions than this expected, a notice says how little the tests can see. */
const FEW_EXPECTED = 2.5;
/** Days of forecasts between two looks at the control. */
const BLOCK_DAYS = 16;
/** Level at which a critical value rejects. */
const SIGNIFICANCE = 0.05;

/**
 * Would VaR have been right? For each day of the history after the first `window` moves, VaR and ES of today's book are forecast
 * from the `window` moves before the day, and compared with what today's book would have made under the day's own move.
 *
 * The P&L is hypothetical: one and the same book, today's, in today's market throughout, no trading and no time passing, fully
 * revalued in each joint move of spot and vol. Hence a backtest judges the model of moves and the revaluation, not a trading
 * record. A forecast is for one step of the history, a day as a rule, so the tested moves never overlap. Nothing later than the
 * day before enters a forecast: also the response of vol to returns, where there is no index of it, is fitted on the first
 * `window` moves alone. A day that follows a gap is tested with the forecast from before the gap, and counts as the successor of
 * no day in the test of independence.
 *
 * Legs that have no price are left out, each with a notice. Answers null when cancelled.
 * @throws RiskError `bad-value` for a request that cannot be met; `missing-data` when the market lacks history, or the book
 * anything that moves.
 */
export async function backtest(
  market: PreparedMarket,
  request: BacktestRequest,
  control: RunControl<BacktestProgress> = {},
): Promise<BacktestReport | null> {
  const started = control.now?.() ?? 0;
  checkRequest(request);
  const { window, confidence, smile } = request;
  const book = bookPositions(market, request.portfolio);
  const positions = exposures(book);
  if (positions.length === 0)
    throw new RiskError(
      'missing-data',
      'The book holds nothing whose value moves with the market; add a leg to test it',
    );
  const moves = jointMoves(market.snapshot, underlyingsOf(positions), 'a backtest', window);
  const days = moves.count - window;
  if (days < LEAST_DAYS) throw tooShort(moves.count, window);

  const pnl = totalPnl(positions, historyScenarios(moves, smile));
  // Refuses what a number does not hold.
  sortedPnl(pnl);
  const inputs: ForecastInputs = { positions, moves, pnl, window, confidence, smile };
  const tested = pnl.subarray(window);
  const setting: TestSetting = {
    pnl: tested,
    probability: tailProbability(confidence),
    follows: successors(moves, window),
    dateOf: (day) => moves.ends[window + day]!,
    rightModel: onceAsked(() => rightShortfall(days, tailProbability(confidence))),
  };
  const methods: MethodBacktest[] = [];
  for (const method of request.methods) {
    const forecast = forecasters[method](inputs);
    const forecasts: TailRisk[] = [];
    for (let from = window; from < moves.count; from += BLOCK_DAYS) {
      if (control.cancelled?.()) return null;
      forecasts.push(...forecast(from, Math.min(from + BLOCK_DAYS, moves.count)));
      control.onProgress?.({
        daysDone: methods.length * days + forecasts.length,
        daysAsked: request.methods.length * days,
      });
      await control.pause?.();
    }
    methods.push(methodBacktest(method, forecasts, setting));
  }
  if (control.cancelled?.()) return null;
  return {
    marketId: request.marketId,
    confidence,
    window,
    stepDays: moves.stepDays,
    dates: moves.ends.slice(window),
    pnlUsd: Array.from(tested),
    methods,
    elapsedMs: control.now ? control.now() - started : 0,
    notices: [...book.notices, ...moves.notices, ...backtestNotices(request, moves, days * setting.probability)],
  };
}

/** What all methods are tested against. */
interface TestSetting {
  readonly pnl: Float64Array;
  readonly probability: number;
  readonly follows: (day: number) => boolean;
  readonly dateOf: (day: number) => number;
  readonly rightModel: () => RightShortfall;
}

function methodBacktest(method: BacktestMethod, forecasts: readonly TailRisk[], setting: TestSetting): MethodBacktest {
  const { pnl, probability } = setting;
  const days = pnl.length;
  const valueAtRiskUsd = forecasts.map((forecast) => forecast.valueAtRiskUsd);
  const expectedShortfallUsd = forecasts.map((forecast) => forecast.expectedShortfallUsd);
  const isException = pnl.map((usd, day) => (usd + valueAtRiskUsd[day]! < 0 ? 1 : 0));
  const exceptions = Array.from(isException.keys()).filter((day) => isException[day] === 1);
  const pairs = exceptionPairs(isException, setting.follows);
  return {
    method,
    valueAtRiskUsd,
    expectedShortfallUsd,
    exceptions,
    expectedExceptions: days * probability,
    coverage: kupiecTest(exceptions.length, days, probability),
    independence: { ...independenceTest(pairs), ...pairs },
    conditional: conditionalCoverageTest(exceptions.length, days, probability, pairs),
    trafficLight: trafficLight(exceptions.length, days, probability),
    shortfall: shortfallTest(valueAtRiskUsd, expectedShortfallUsd, exceptions, setting),
  };
}

function shortfallTest(
  valueAtRiskUsd: readonly Usd[],
  expectedShortfallUsd: readonly Usd[],
  exceptions: readonly number[],
  { pnl, probability, dateOf, rightModel }: TestSetting,
): ShortfallTest | Failure {
  const gain = exceptions.find((day) => !(expectedShortfallUsd[day]! > 0));
  if (gain !== undefined) {
    return {
      code: 'unsupported',
      message: `Expected shortfall is no loss on ${dateText(dateOf(gain))}, yet it was exceeded; its test divides by it and has no meaning for this book`,
    };
  }
  try {
    const { pValue, ...right } = rightModel();
    const { z1, z2, minimallyBiased } = acerbiSzekely(pnl, valueAtRiskUsd, expectedShortfallUsd, probability);
    return { z1, z2, minimallyBiasedUsd: minimallyBiased, pValue: pValue(z2), ...right };
  } catch (error) {
    if (error instanceof RiskError) return error.failure;
    throw error;
  }
}

/** Z2 of a right model: the same for every method. */
type RightShortfall = Pick<ShortfallTest, 'criticalValue' | 'criticalValueFatTails' | 'basis'> & {
  readonly pValue: (z2: number) => number;
};

function rightShortfall(days: number, probability: number): RightShortfall {
  const normal = shortfallNull(days, probability, 'normal');
  return {
    pValue: normal.pValue,
    criticalValue: normal.criticalValue(SIGNIFICANCE),
    criticalValueFatTails: shortfallNull(days, probability, 'student-t-3').criticalValue(SIGNIFICANCE),
    basis: `Exact distribution of Z2 over ${days} independent days of a right model with normal tails; for fat tails, those of Student's t with 3 degrees of freedom`,
  };
}

function onceAsked<T>(compute: () => T): () => T {
  let known: { value: T } | null = null;
  return () => (known ??= { value: compute() }).value;
}

/** Whether tested day i is the step after tested day i - 1, with no gap between. */
function successors(moves: JointMoves, window: number): (day: number) => boolean {
  const starts = new Set(moves.runs.map((run) => run.from));
  return (day) => !starts.has(window + day);
}

function backtestNotices(
  { confidence, window, methods }: BacktestRequest,
  moves: JointMoves,
  expected: number,
): Notice[] {
  const notices: Notice[] = [
    {
      severity: 'info',
      message: "P&L is hypothetical: today's book under each day's move, with no trading and no time passing",
    },
  ];
  if (expected < FEW_EXPECTED) {
    notices.push({
      severity: 'warning',
      message: `Only ${expected.toFixed(1)} exceptions are expected in ${moves.count - window} days, so the tests see no more than a model that is far off; lower the confidence or shorten the window for more`,
    });
  }
  const beyond = window * (1 - confidence);
  if (beyond < 1 - 1e-9 && methods.some((method) => method !== 'parametric')) {
    notices.push({
      severity: 'warning',
      message: `Less than one of ${window} moves lies beyond this VaR, so VaR from history is the worst of its window`,
    });
  }
  const gaps = moves.runs.filter((run) => run.from > window).length;
  if (gaps > 0) {
    notices.push({
      severity: 'info',
      message: `${gaps} tested ${gaps === 1 ? 'day follows a gap and is' : 'days follow a gap and are'} tested with the forecast from before it`,
    });
  }
  return notices;
}

// ---- the request ---------------------------------------------------------------------------------------------------

function checkRequest({ methods, confidence, window }: BacktestRequest): void {
  if (methods.length === 0) throw new RiskError('bad-value', 'Name at least one method to test');
  if (!(confidence >= CONFIDENCE[0] && confidence <= CONFIDENCE[1])) {
    throw new RiskError(
      'bad-value',
      `Confidence must be from ${CONFIDENCE[0]} to ${CONFIDENCE[1]}, like 0.99; got ${confidence}`,
      '/confidence',
    );
  }
  if (!(Number.isInteger(window) && window >= WINDOW[0] && window <= WINDOW[1])) {
    throw new RiskError(
      'bad-value',
      `The window must be a whole number of moves from ${WINDOW[0]} to ${WINDOW[1]}; got ${window}`,
      '/window',
    );
  }
}

function tooShort(count: number, window: number): RiskError {
  const longest = count - LEAST_DAYS;
  const left = Math.max(count - window, 0);
  return new RiskError(
    'missing-data',
    `The history has ${count} moves; a window of ${window} leaves ${left} of them to test and at least ${LEAST_DAYS} are needed: ${
      longest >= WINDOW[0] ? `choose a window of at most ${longest}` : 'open a market with a longer history'
    }`,
    '/window',
  );
}

function dateText(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
