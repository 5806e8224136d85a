import type { SviParameters } from '../../engine/domain/marketSnapshot.ts';
import { RiskError } from '../../engine/domain/failure.ts';
import { isFreeOfButterflies, negativeDensities } from '../../engine/surface/butterflyArbitrage.ts';
import { haganVol, leFlochKennedyVol, type SabrParameters } from '../../engine/surface/sabr.ts';
import {
  hestonLeastLambda,
  hestonPhi,
  isPowerLawFree,
  isRising,
  powerLawPhi,
  ssviConditions,
  ssviTotalVariance,
} from '../../engine/surface/ssvi.ts';
import {
  sviButterfly,
  sviMinimumVariance,
  sviSlope,
  sviTotalVariance,
  sviWingSlope,
} from '../../engine/surface/svi.ts';
import {
  jumpWingsOfRaw,
  naturalOfRaw,
  rawOfJumpWings,
  rawOfNatural,
  repairedJumpWings,
  soundSvi,
  type SviJumpWings,
} from '../../engine/surface/sviParameterisations.ts';
import {
  type CaseInputs,
  type ConformanceAdapter,
  type FamilyAdapters,
  numberInput,
  optionalInput,
} from './ConformanceAdapter.ts';

const SMILE_POINTS = [-1, -0.25, 0, 0.25, 1];
const SSVI_POINTS = [-1, -0.3, 0, 0.3, 1];
const PM3 = { from: -3, to: 3, step: 0.01 };

function nested(inputs: CaseInputs, name: string): CaseInputs | null {
  const value = inputs[name];
  return typeof value === 'object' && value !== null ? (value as CaseInputs) : null;
}

function rawInput(inputs: CaseInputs): SviParameters {
  const [a, b, rho, m, sigma] = ['a', 'b', 'rho', 'm', 'sigma'].map((name) => numberInput(inputs, name)) as [
    number,
    number,
    number,
    number,
    number,
  ];
  return soundSvi({ a, b, rho, m, sigma });
}

function wingsInput(inputs: CaseInputs): SviJumpWings {
  return {
    v: numberInput(inputs, 'v'),
    psi: numberInput(inputs, 'psi'),
    p: numberInput(inputs, 'p'),
    c: numberInput(inputs, 'c'),
    vTilde: numberInput(inputs, 'v_tilde'),
  };
}

function time(inputs: CaseInputs): number {
  return optionalInput(inputs, 't', 1);
}

/** The smile of a case as raw SVI, whichever parameters it is given in. */
function smile(inputs: CaseInputs): SviParameters {
  const raw = nested(inputs, 'raw');
  if (raw) return rawInput(raw);
  const wings = nested(inputs, 'jw');
  if (wings) return rawOfJumpWings(wingsInput(wings), time(inputs));
  const natural = nested(inputs, 'natural');
  if (natural) {
    return rawOfNatural({
      delta: numberInput(natural, 'delta'),
      mu: numberInput(natural, 'mu'),
      rho: numberInput(natural, 'rho'),
      omega: numberInput(natural, 'omega'),
      zeta: numberInput(natural, 'zeta'),
    });
  }
  throw new RiskError('bad-value', 'The case has no smile (raw, natural or jw) in its inputs');
}

/** Jump wings under the names of the reference files. */
function printedWings({ vTilde, ...wings }: SviJumpWings) {
  return { ...wings, v_tilde: vTilde };
}

function jumpWings(inputs: CaseInputs) {
  const wings = nested(inputs, 'jw');
  return wings ? wingsInput(wings) : jumpWingsOfRaw(smile(inputs), time(inputs));
}

function variance(inputs: CaseInputs): number {
  return sviTotalVariance(smile(inputs), numberInput(inputs, 'k')) / time(inputs);
}

function vol(inputs: CaseInputs): number {
  const here = variance(inputs);
  if (!(here >= 0)) throw new RiskError('bad-value', `The smile's variance is ${here} there, which has no vol`);
  return Math.sqrt(here);
}

interface Grid {
  readonly from: number;
  readonly to: number;
  readonly step: number;
}

/** A grid written as "k=-3..3 step 0.01"; that one when a case names none. */
function gridInput(inputs: CaseInputs): Grid {
  if (inputs.grid === undefined) return PM3;
  const found = /(-?[\d.]+?)\.\.(-?[\d.]+)\s+step\s+([\d.]+)/.exec(String(inputs.grid));
  if (found === null) throw new RiskError('bad-value', `The case's grid is "${String(inputs.grid)}"`);
  return { from: Number(found[1]), to: Number(found[2]), step: Number(found[3]) };
}

function lowest({ from, to, step }: Grid, value: (k: number) => number): { k: number; value: number } {
  let best = { k: from, value: value(from) };
  const steps = Math.round((to - from) / step);
  for (let i = 1; i <= steps; i++) {
    // Twelve digits: the grid is decimal.
    const k = Number((from + i * step).toFixed(12));
    const here = value(k);
    if (here < best.value) best = { k, value: here };
  }
  return best;
}

function sviAll(inputs: CaseInputs) {
  const raw = smile(inputs);
  const least = lowest(PM3, (k) => sviButterfly(raw, k)).value;
  return {
    raw,
    jw: printedWings(jumpWingsOfRaw(raw, time(inputs))),
    natural: naturalOfRaw(raw),
    w_at: SMILE_POINTS.map((k) => [k, sviTotalVariance(raw, k)]),
    g_at: SMILE_POINTS.map((k) => [k, sviButterfly(raw, k)]),
    min_g_on_pm3: least,
    butterfly_free_on_pm3: least >= 0,
    lee_wings_ok: sviWingSlope(raw) <= 2,
  };
}

/** The interval with the lowest g; nulls where g is nowhere below zero. */
function negativeInterval(inputs: CaseInputs) {
  const found = negativeDensities(smile(inputs));
  const depth = (of: (typeof found)[number]) => of.lowest?.g ?? Number.NEGATIVE_INFINITY;
  const deepest = found.toSorted((one, two) => depth(one) - depth(two))[0];
  return {
    lower: deepest?.lower ?? null,
    upper: deepest?.upper ?? null,
    k_min: deepest?.lowest?.k ?? null,
    g_min: deepest?.lowest?.g ?? null,
  };
}

function calendarSpread(inputs: CaseInputs) {
  const [near, far] = ['near', 'far'].map((name) => {
    const given = nested(inputs, name);
    if (given === null) throw new RiskError('bad-value', `The case has no smile "${name}" in its inputs`);
    return rawInput(given);
  }) as [SviParameters, SviParameters];
  const { k, value } = lowest(gridInput(inputs), (at) => sviTotalVariance(far, at) - sviTotalVariance(near, at));
  return { free: value >= 0, min_gap: value, at_k: k };
}

function thetasInput({ thetas }: CaseInputs): number[] {
  if (!Array.isArray(thetas)) throw new RiskError('bad-value', 'The case has no list "thetas" in its inputs');
  return thetas.map(Number);
}

function ssviSlices(inputs: CaseInputs, phiOf: (theta: number) => number) {
  const rho = numberInput(inputs, 'rho');
  return thetasInput(inputs).map((theta) => {
    const slice = { theta, phi: phiOf(theta), rho };
    const conditions = ssviConditions(slice);
    return {
      theta,
      phi: slice.phi,
      cond_theta_phi: conditions.thetaPhi,
      cond_theta_phi2: conditions.thetaPhi2,
      sufficient_butterfly: conditions.isFreeOfButterflies,
      necessary_lee: conditions.meetsLee,
      w_at: SSVI_POINTS.map((k) => [k, ssviTotalVariance(slice, k)]),
    };
  });
}

function ssviHeston(inputs: CaseInputs) {
  const lambda = numberInput(inputs, 'lambda_');
  const threshold = hestonLeastLambda(numberInput(inputs, 'rho'));
  return {
    slices: ssviSlices(inputs, (theta) => hestonPhi(theta, lambda)),
    lambda_threshold: threshold,
    surface_free: lambda >= threshold && isRising(thetasInput(inputs)),
  };
}

function ssviPower(inputs: CaseInputs) {
  const [eta, gamma] = [numberInput(inputs, 'eta'), numberInput(inputs, 'gamma')];
  const isFree = isPowerLawFree(eta, gamma, numberInput(inputs, 'rho'));
  return {
    slices: ssviSlices(inputs, (theta) => powerLawPhi(theta, eta, gamma)),
    surface_free_if_eta_1_plus_abs_rho_le_2: isFree && isRising(thetasInput(inputs)),
  };
}

function sabr(value: (p: SabrParameters, forward: number, strike: number, time: number) => number): ConformanceAdapter {
  return (inputs) =>
    value(
      {
        alpha: numberInput(inputs, 'alpha'),
        beta: numberInput(inputs, 'beta'),
        nu: numberInput(inputs, 'nu'),
        rho: numberInput(inputs, 'rho'),
      },
      numberInput(inputs, 'F'),
      numberInput(inputs, 'K'),
      numberInput(inputs, 'T'),
    );
}

/** `name`, all figures, and `name.figure` for each of them. */
function figures<Figure extends string>(
  name: string,
  names: readonly Figure[],
  all: (inputs: CaseInputs) => Readonly<Record<Figure, number>>,
): FamilyAdapters {
  const one = (figure: Figure): [string, ConformanceAdapter] => [`${name}.${figure}`, (inputs) => all(inputs)[figure]];
  return { [name]: all, ...Object.fromEntries(names.map(one)) };
}

const RAW = ['a', 'b', 'rho', 'm', 'sigma'] as const;
const WINGS = ['v', 'psi', 'p', 'c', 'v_tilde'] as const;
const NATURAL = ['delta', 'mu', 'rho', 'omega', 'zeta'] as const;

export const volSurface: FamilyAdapters = {
  'svi.all': sviAll,
  ...figures('svi.jw_to_raw', RAW, smile),
  ...figures('svi.natural_to_raw', RAW, smile),
  ...figures('svi.raw_to_jw', WINGS, (inputs) => printedWings(jumpWings(inputs))),
  ...figures('svi.raw_to_natural', NATURAL, (inputs) => naturalOfRaw(smile(inputs))),
  ...figures('svi.jw_repair', WINGS, (inputs) => printedWings(repairedJumpWings(jumpWings(inputs)))),
  'svi.total_variance': (inputs) => sviTotalVariance(smile(inputs), numberInput(inputs, 'k')),
  'svi.implied_variance': variance,
  'svi.implied_vol': vol,
  'svi.slope': (inputs) => sviSlope(smile(inputs), numberInput(inputs, 'k')),
  'svi.min_variance': (inputs) => sviMinimumVariance(smile(inputs)) / time(inputs),
  'svi.g': (inputs) => sviButterfly(smile(inputs), numberInput(inputs, 'k')),
  'svi.butterfly_free': (inputs) => isFreeOfButterflies(smile(inputs)),
  'svi.g_negative_interval': negativeInterval,
  'svi.calendar_spread': calendarSpread,
  'ssvi.heston': ssviHeston,
  'ssvi.power': ssviPower,
  'sabr.hagan_lognormal': sabr(haganVol),
  'sabr.lefloch_kennedy': sabr(leFlochKennedyVol),
};
