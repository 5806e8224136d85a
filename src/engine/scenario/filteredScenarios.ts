import { RiskError } from '../domain/failure.ts';
import type { Notice } from '../domain/marketSummary.ts';
import type { VarFilter } from '../domain/riskReport.ts';
import type { EstimateOverrides, ScenarioEstimates } from '../domain/scenarioEstimates.ts';
import type { ScenarioSet } from '../domain/scenario.ts';
import { annualPercent, EstimateList, factorId, factorMoves, factorName } from './EstimateList.ts';
import {
  DECAY_RANGE,
  type EwmaFit,
  ewmaFit,
  type GarchFit,
  type GarchParameters,
  garchFit,
  garchForecast,
  garchVariances,
  MOST_PERSISTENCE,
} from './garch.ts';
import {
  type HistoricalRequest,
  volatilityScaled,
  type WindowMove,
  type Windows,
  windowScenarios,
  windowsOf,
  windowSum,
} from './historicalScenarios.ts';
import type { JointMoves } from './jointMoves.ts';

export interface FilteredRequest extends Omit<HistoricalRequest, 'filtered'> {
  readonly filter: VarFilter;
  /** What stands in for a filter that cannot be fitted to a factor; null to refuse. */
  readonly fallback: 'riskmetrics' | null;
  readonly estimates: EstimateOverrides;
}

/** The decay that RiskMetrics (1996) sets for daily data. */
const RISKMETRICS_DECAY = 0.94;

/**
 * Filtered historical simulation: the history's joint moves, each factor's divided by its own conditional volatility of that day and
 * multiplied by what it is now, so that the joint shape of days is kept and only their size is today's (Hull and White 1998;
 * Barone-Adesi, Giannopoulos and Vosper 1999). One scenario a move, or a window of moves for a longer horizon.
 *
 * - `riskmetrics`, `ewma`: exponentially weighted variance by a decay of 0.94, or by one fitted per factor. Its forecast is flat,
 *   so the steps of a window are all scaled to today's volatility.
 * - `garch`: GARCH(1,1) fitted per factor. The residuals of a window are sent through the recursion from today's variance on, so
 *   that a wild first day makes the next ones wilder; where single steps must stand for the horizon, a residual is multiplied by
 *   the root of the forecast variance of the whole horizon.
 *
 * The recursions run over the moves as they come: a gap in the history counts as no time.
 *
 * @throws RiskError when a filter cannot be fitted to a factor, its numbers are not overridden, and `fallback` is null.
 */
export function filteredScenarios(
  moves: JointMoves,
  request: FilteredRequest,
): { set: ScenarioSet; notices: readonly Notice[]; estimates: ScenarioEstimates } {
  const windows = windowsOf(moves, request.horizonDays);
  const list = new EstimateList(request.estimates);
  const notices: Notice[] = [];
  const factors = Array.from({ length: 2 * moves.underlyings.length }, (_, i): WindowMove => {
    const steps = factorMoves(moves, i);
    if (steps.every((value) => value === 0)) return () => 0;
    const filter = fallenBack(request, () => factorFilter(moves, i, request, list, windows), notices);
    return filter ?? decayFilter(steps, RISKMETRICS_DECAY, windows);
  });
  const numbers = list.report(GENERATORS[request.filter], METHODS[request.filter], moves);
  const kind = `${request.filter}|${numbers.values.map(({ value }) => value).join(',')}`;
  const garch = request.filter === 'garch' && windows.length === 1 && request.horizonDays !== moves.stepDays;
  return {
    set: windowScenarios(moves, request, windows, kind, factors),
    notices: [
      ...(garch
        ? [
            {
              severity: 'info' as const,
              message: `Single moves are scaled to the variance that GARCH forecasts for ${request.horizonDays} days`,
            },
          ]
        : windows.notices),
      ...notices,
    ],
    estimates: numbers,
  };
}

const GENERATORS: Readonly<Record<VarFilter, string>> = {
  riskmetrics: 'Filtered history, EWMA 0.94',
  ewma: 'Filtered history, EWMA',
  garch: 'Filtered history, GARCH(1,1)',
};

const METHODS: Readonly<Record<VarFilter, string>> = {
  riskmetrics: 'Set, not estimated',
  ewma: 'Gaussian maximum likelihood by factor; standard errors from the observed information',
  garch: 'Gaussian maximum likelihood by factor; standard errors from the observed information',
};

/** What `fit` answers; null where it fails and the request names what stands in, which a notice then says. */
function fallenBack(request: FilteredRequest, fit: () => WindowMove, notices: Notice[]): WindowMove | null {
  if (request.fallback === null || request.filter === 'riskmetrics') return fit();
  try {
    return fit();
  } catch (error) {
    // What was set by hand and cannot be is refused; only a fit that fails has a stand-in.
    if (!(error instanceof RiskError) || error.failure.path !== undefined) throw error;
    notices.push({ severity: 'warning', message: `${error.message}. As asked, EWMA 0.94 is used for it instead` });
    return null;
  }
}

function factorFilter(
  moves: JointMoves,
  i: number,
  { filter, horizonDays }: FilteredRequest,
  list: EstimateList,
  windows: Windows,
): WindowMove {
  const steps = factorMoves(moves, i);
  if (filter !== 'garch') {
    const id = `${factorId(moves, i)}.decay`;
    const fitted: Pick<EwmaFit, 'decay' | 'standardError'> | null =
      filter === 'riskmetrics'
        ? { decay: RISKMETRICS_DECAY, standardError: null }
        : list.has(id)
          ? orNull(() => ewmaFit(steps, factorName(moves, i)))
          : ewmaFit(steps, factorName(moves, i));
    const decay = list.use({
      id,
      group: factorName(moves, i),
      name: 'Decay λ',
      unit: '',
      estimated: fitted?.decay ?? null,
      standardError: fitted?.standardError ?? null,
      min: DECAY_RANGE[0],
      max: DECAY_RANGE[1],
    });
    return decayFilter(steps, decay, windows);
  }
  const { parameters, next } = garchEstimates(moves, i, list);
  return garchFilter(steps, parameters, next, windows, Math.max(horizonDays / moves.stepDays, 1));
}

/** The fit, or null where it fails: for numbers that are all overridden anyway. */
function orNull<T>(fit: () => T): T | null {
  try {
    return fit();
  } catch (error) {
    if (error instanceof RiskError) return null;
    throw error;
  }
}

function decayFilter(steps: Float64Array, decay: number, windows: Windows): WindowMove {
  const scaled = volatilityScaled(steps, decay);
  return (start) => windowSum(scaled, windows, start);
}

function garchEstimates(
  moves: JointMoves,
  i: number,
  list: EstimateList,
): { parameters: GarchParameters; next: number } {
  const steps = factorMoves(moves, i);
  const prefix = factorId(moves, i);
  const group = factorName(moves, i);
  const annual = annualPercent(moves.stepDays);
  const ids = ['alpha', 'beta', 'long-run'].map((name) => `${prefix}.${name}`);
  const fit = (): GarchFit => garchFit(steps, group);
  const fitted = ids.every((id) => list.has(id)) ? orNull(fit) : fit();
  const errors = fitted?.standardErrors ?? null;
  const plain = { group, unit: '', min: 0, max: MOST_PERSISTENCE };
  const alpha = list.use({
    ...plain,
    id: ids[0]!,
    name: 'Response α',
    estimated: fitted?.alpha ?? null,
    standardError: errors?.alpha ?? null,
  });
  const beta = list.use({
    ...plain,
    id: ids[1]!,
    name: 'Memory β',
    estimated: fitted?.beta ?? null,
    standardError: errors?.beta ?? null,
  });
  if (alpha + beta > MOST_PERSISTENCE + 1e-12) {
    throw new RiskError(
      'bad-value',
      `${group}: α + β must stay below 1, so that variance has a long run; got ${alpha} + ${beta}`,
      `/estimates/${ids[list.has(ids[1]!) ? 1 : 0]}`,
    );
  }
  const percent = { group, unit: '% a year', min: 0.01, max: 10_000 };
  const deviation = fitted === null ? null : Math.sqrt(fitted.longRunVariance);
  const longRun = list.use({
    ...percent,
    id: ids[2]!,
    name: 'Long-run volatility',
    estimated: deviation === null ? null : deviation * annual,
    standardError: errors === null ? null : (errors.longRunVariance / (2 * deviation!)) * annual,
  });
  const persistence = Math.min(alpha + beta, MOST_PERSISTENCE);
  const parameters = { alpha, beta, omega: (longRun / annual) ** 2 * (1 - persistence) };
  const variances = garchVariances(steps, parameters);
  const now = list.use({
    ...percent,
    id: `${prefix}.now`,
    name: 'Volatility of the next day',
    estimated: Math.sqrt(variances[steps.length]!) * annual,
    standardError: null,
  });
  return { parameters, next: (now / annual) ** 2 };
}

function garchFilter(
  steps: Float64Array,
  parameters: GarchParameters,
  next: number,
  windows: Windows,
  horizonSteps: number,
): WindowMove {
  const variances = garchVariances(steps, parameters);
  const residuals = steps.map((value, t) => value / Math.sqrt(variances[t]!));
  if (windows.length === 1) {
    const whole = Math.round(horizonSteps);
    const forecast = garchForecast(parameters, next, whole) * (horizonSteps / whole);
    return (start) => residuals[start]! * Math.sqrt(forecast);
  }
  return (start) => {
    let variance = next;
    let sum = 0;
    for (let t = start; t < start + windows.length; t += 1) {
      const move = Math.sqrt(variance) * residuals[t]!;
      sum += move;
      variance = parameters.omega + parameters.alpha * move * move + parameters.beta * variance;
    }
    return sum * windows.scale;
  };
}
