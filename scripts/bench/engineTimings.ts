import type { RiskApi } from '../../workers/RiskApi.ts';
import { riskService } from '../../workers/riskService.ts';
import type { MarketSnapshot, UnderlyingMarket } from '../../src/engine/domain/marketSnapshot.ts';
import type { EvaluateRequest } from '../../src/engine/domain/riskReport.ts';
import type { ScenarioSet } from '../../src/engine/domain/scenario.ts';
import { portfolioPnl } from '../../src/engine/scenario/portfolioPnl.ts';
import { prepareMarket } from '../../src/engine/scenario/preparedMarket.ts';
import { unitPnl } from '../../src/engine/scenario/unitPnl.ts';
import { calibrateSurface } from '../../src/engine/surface/calibrateSurface.ts';
import { repairedSurface } from '../../src/engine/surface/repairedSurface.ts';
import { median, percentile } from '../statistics.mjs';
import { demoMarket, quotedBook, quotedOptions } from './benchBooks.ts';

const LEGS = 64;
const PAGE_LEGS = 40;
const SCENARIOS = 20_000;
const REPRICINGS = 9;
const EDITS = 201;
const FITS = 21;
const RULEBOOK_EDITS = 40;

export interface EngineFigures {
  /** Milliseconds, medians. */
  readonly repricingMs: number;
  readonly quantityChangeMs: number;
  readonly nanosecondsPerOption: number;
  /** Repricing everything over a quantity change. */
  readonly ratio: number;
  /** A 40-leg report (values, Greeks, three rulebooks) after a quantity change, as the worker answers it. */
  readonly evaluateMs: { readonly median: number; readonly p95: number };
  /** The same book under every rulebook there is: the first answer, which also prices, and one after a quantity change. */
  readonly rulebooksMs: { readonly count: number; readonly first: number; readonly median: number };
  /** All smiles of a coin from `quotes` quotes, and the repair of their arbitrage; milliseconds, medians. */
  readonly surface: { readonly quotes: number; readonly fitMs: number; readonly repairMs: number };
}

/** Times the engine in this process: 64 legs in 20,000 scenarios, and the report that follows a keystroke. */
export async function engineTimings(): Promise<EngineFigures> {
  const { text, snapshot } = demoMarket();
  const market = prepareMarket(snapshot);

  const instruments = quotedOptions(snapshot, LEGS);
  const set = jointMoves(snapshot, SCENARIOS);
  const quantities = instruments.map((_, row) => (row % 2 === 0 ? 1 : -1) * (1 + (row % 7)));

  const warm = unitPnl(market, instruments, set);
  const repricingMs = median(
    timings(REPRICINGS, () => {
      portfolioPnl(quantities, unitPnl(market, instruments, set));
    }),
  );
  for (let run = 0; run < 20; run += 1) portfolioPnl(quantities, warm);
  const quantityChangeMs = median(
    timings(EDITS, (run) => {
      quantities[run % LEGS] = quantities[run % LEGS]! + 1;
      portfolioPnl(quantities, warm);
    }),
  );
  return {
    repricingMs,
    quantityChangeMs,
    nanosecondsPerOption: (repricingMs * 1e6) / (LEGS * SCENARIOS),
    ratio: repricingMs / quantityChangeMs,
    evaluateMs: await evaluateTimings(text, snapshot),
    rulebooksMs: await rulebookTimings(text, snapshot),
    surface: surfaceTimings(),
  };
}

const CHAIN_EXPIRIES = [1, 2, 3, 5, 9, 16, 23, 50, 78, 141, 232, 323];
const CHAIN_STRIKES = 38;

/**
 * A chain of 912 quotes over twelve expiries, as a large coin has it in a crash: vols fall with time, skew steepens, every
 * mark is off a smooth smile by some hundredths of itself, and far expiries have steeper wings than near ones allow.
 */
function crashChain(asOf: number): UnderlyingMarket {
  let state = 4_711;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const index = 70_000;
  const expiries = CHAIN_EXPIRIES.map((days) => {
    const time = days / 365;
    const level = 0.5 + 0.6 / (1 + 8 * time);
    const deviation = level * Math.sqrt(time);
    const quotes = Array.from({ length: CHAIN_STRIKES }, (_, i) => {
      const x = -4 + (8 * i) / (CHAIN_STRIKES - 1);
      const vol = level * (1 - 0.07 * x + 0.035 * x * x) * (1 + 0.02 * (uniform() - 0.5));
      const strike = Math.round(index * Math.exp(x * deviation));
      return (['C', 'P'] as const).map((type) => ({
        strike,
        type,
        markIv: vol,
        bidIv: vol - 0.01 - 0.01 * uniform(),
        askIv: vol + 0.01 + 0.01 * uniform(),
      }));
    }).flat();
    return { expiry: asOf + days * 86_400_000, forward: index, discount: 1, quotes };
  });
  return { symbol: 'BTC', index, expiries };
}

function surfaceTimings(): EngineFigures['surface'] {
  const asOf = Date.UTC(2026, 1, 5, 8);
  const chain = crashChain(asOf);
  for (let run = 0; run < 5; run += 1) repairedSurface(calibrateSurface(chain, asOf));
  const fitted = calibrateSurface(chain, asOf);
  return {
    quotes: chain.expiries.reduce((sum, { quotes }) => sum + quotes.length, 0),
    fitMs: median(timings(FITS, () => void calibrateSurface(chain, asOf))),
    repairMs: median(timings(FITS, () => void repairedSurface(fitted))),
  };
}

async function evaluateTimings(text: string, snapshot: MarketSnapshot) {
  const service: RiskApi = riskService();
  const opened = await service.openMarket(text);
  if (!opened.ok) throw new Error(opened.failure.message);
  const models = service.models().map(({ id }) => id);
  // Made beforehand: in the app they come from the page.
  const requests = Array.from(
    { length: EDITS },
    (_, edit): EvaluateRequest => ({
      inputVersion: edit,
      marketId: opened.value.id,
      book: quotedBook(snapshot, PAGE_LEGS, edit),
      proposed: null,
      models,
      parameters: {},
    }),
  );
  const ask = (edit: number) => {
    const answer = service.evaluate(requests[edit]!);
    if (answer instanceof Promise) throw new Error('A market without edited smiles is answered at once');
    if (!answer.ok) throw new Error(answer.failure.message);
  };
  for (let run = 0; run < 50; run += 1) ask(run);
  const times = timings(EDITS, ask);
  return { median: median(times), p95: percentile(times, 0.95) };
}

async function rulebookTimings(text: string, snapshot: MarketSnapshot): Promise<EngineFigures['rulebooksMs']> {
  const service: RiskApi = riskService();
  const opened = await service.openMarket(text);
  if (!opened.ok) throw new Error(opened.failure.message);
  const ask = async (edit: number) => {
    const request = {
      inputVersion: edit,
      marketId: opened.value.id,
      book: quotedBook(snapshot, PAGE_LEGS, edit),
      proposed: null,
      parameters: {},
    };
    const answer = await service.rulebooks(request);
    if (!answer.ok) throw new Error(answer.failure.message);
    return { ms: answer.value.elapsedMs, count: answer.value.before.length };
  };
  const first = await ask(0);
  const times: number[] = [];
  for (let edit = 1; edit <= RULEBOOK_EDITS; edit += 1) times.push((await ask(edit)).ms);
  return { count: first.count, first: first.ms, median: median(times) };
}

function timings(runs: number, work: (run: number) => void): number[] {
  return Array.from({ length: runs }, (_, run) => {
    const started = performance.now();
    work(run);
    return performance.now() - started;
  });
}

/** Moves of up to 20 % in spot and 30 % in vol, the same on every run. */
function jointMoves(snapshot: MarketSnapshot, count: number): ScenarioSet {
  const underlyings = snapshot.underlyings.map(({ symbol }) => symbol);
  let state = 12_345;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const moves = (size: number) =>
    Float64Array.from({ length: count * underlyings.length }, () => size * (2 * uniform() - 1));
  return {
    id: 'bench',
    count,
    underlyings,
    spotMove: moves(0.2),
    volShock: moves(0.3),
    volUnit: 'relative',
    volTermPower: { short: 0.3, long: 0.13 },
    horizonDays: 1,
    smile: 'sticky-strike',
  };
}
