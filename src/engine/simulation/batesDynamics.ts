import { DAYS_PER_YEAR } from '../domain/units.ts';
import { poissonQuantile } from '../numerics/poissonQuantile.ts';
import { normals, uniforms } from '../numerics/sampling.ts';
import { type HestonStep, type HestonVariance, hestonStep } from '../pricing/hestonStep.ts';

/** Several coins that move together; all numbers a year. */
export interface SimulationModel {
  readonly coins: readonly CoinModel[];
  /** Jumps of spot at times common to all coins. */
  readonly jumpsAYear: number;
}

/** One coin: Heston's implied variance, jumps in spot (Bates 1996), a skew and a premium of the perpetual that revert to a mean. */
export interface CoinModel {
  /** Of the variance v that options are priced with. */
  readonly variance: HestonVariance & { readonly now: number };
  /** Variance with which spot diffuses, as a share of v. */
  readonly realisedShare: number;
  /** Correlation of spot and its variance. */
  readonly leverage: number;
  /** Correlation of spot, and apart from it of variance, with what all coins have in common. */
  readonly commonShare: number;
  /** Normal log-size of a jump; `commonShare` of its deviation is the same for all coins. */
  readonly jump: { readonly mean: number; readonly deviation: number };
  /** Departure of the skew from its mean; `spotCorrelation` above zero makes puts dearer when spot falls. */
  readonly skew: Reverting;
  /** Perpetual over index, as a share of it. */
  readonly premium: Reverting & { readonly mean: number };
}

/** An Ornstein-Uhlenbeck process by its half-life and its deviation in the long run. */
export interface Reverting {
  readonly halfLifeDays: number;
  readonly deviation: number;
  readonly spotCorrelation: number;
}

/** Of one coin at one moment. */
export interface CoinState {
  /** ln of spot over spot at the start, diffusion and jumps. */
  logMove: number;
  /** Variance that options are priced with, a year. */
  variance: number;
  skew: number;
  premium: number;
  /** Mean premium of the last hours: what is paid in eight hours. */
  funding: number;
}

/** Streams of one seed. */
const STREAM = { normal: 48, jumpCount: 49, jumpSize: 50 } as const;
/** Normals a step: two common ones, then of each coin spot, variance, skew and premium. */
const COMMON = 2;
const OWN = 4;
/** Funding is the mean premium over about so long. */
const FUNDING_DAYS = 1 / 3;

/**
 * A joint path in steps of `stepYears`, advanced one at a time. Step n draws from (seed, n) alone, and mean and variance of v are
 * exact whatever the step (`hestonStep`), so a longer step changes the numbers and not the law, but for what the scheme misses of
 * the joint law of spot and variance within one step.
 */
export class BatesDynamics {
  readonly states: readonly CoinState[];
  private readonly steps: readonly CoinStep[];
  private readonly normal: Float64Array;
  private readonly jumpNormal: Float64Array;
  private readonly uniform = new Float64Array(1);
  private taken = 0;

  constructor(
    private readonly model: SimulationModel,
    private readonly seed: number,
    private readonly stepYears: number,
  ) {
    this.steps = model.coins.map((coin) => coinStep(coin, model.jumpsAYear, stepYears));
    this.states = model.coins.map(({ variance, premium }) => ({
      logMove: 0,
      variance: variance.now,
      skew: 0,
      premium: premium.mean,
      funding: premium.mean,
    }));
    this.normal = new Float64Array(COMMON + OWN * model.coins.length);
    this.jumpNormal = new Float64Array(1 + model.coins.length);
  }

  /** One step. `turbulence` multiplies the random part of every coin's move of spot; 1 for the model as it is. */
  advance(turbulence = 1): void {
    const { normal, model, seed, taken } = this;
    normals(seed, STREAM.normal, taken, 1, normal.length, normal);
    uniforms(seed, STREAM.jumpCount, taken, 1, 1, this.uniform);
    const jumps = poissonQuantile(this.uniform[0]!, model.jumpsAYear * this.stepYears);
    if (jumps > 0) normals(seed, STREAM.jumpSize, taken, 1, this.jumpNormal.length, this.jumpNormal);
    this.taken = taken + 1;
    for (let u = 0; u < this.steps.length; u += 1) {
      const move = this.steps[u]!.advance(this.states[u]!, normal, COMMON + OWN * u);
      const { jump, commonShare } = model.coins[u]!;
      const size =
        jumps === 0
          ? 0
          : jumps * jump.mean +
            Math.sqrt(jumps) * jump.deviation * mixed(commonShare, this.jumpNormal[0]!, this.jumpNormal[1 + u]!);
      this.states[u]!.logMove += turbulence * (move + size);
    }
  }
}

interface CoinStep {
  /** Moves all but spot, and answers the log-move of spot. */
  advance(state: CoinState, normal: Float64Array, at: number): number;
}

function coinStep(coin: CoinModel, jumpsAYear: number, dt: number): CoinStep {
  const { variance, realisedShare, leverage, commonShare, jump, skew, premium } = coin;
  // Spot's own variance c v: the same process on another scale.
  const heston: HestonStep = hestonStep(
    {
      meanReversion: variance.meanReversion,
      longRunVariance: variance.longRunVariance * realisedShare,
      volOfVol: variance.volOfVol * Math.sqrt(realisedShare),
    },
    leverage,
    dt,
  );
  const own = Math.sqrt(1 - leverage * leverage);
  const compensation = -jumpsAYear * dt * Math.expm1(jump.mean + jump.deviation ** 2 / 2);
  const skewStep = revertingStep(skew, dt);
  const premiumStep = revertingStep(premium, dt);
  const fundingDecay = Math.exp((-dt * DAYS_PER_YEAR) / FUNDING_DAYS);
  return {
    advance(state, normal, at) {
      const spot = mixed(commonShare, normal[0]!, normal[at]!);
      const apart = mixed(commonShare, normal[1]!, normal[at + 1]!);
      const v = state.variance * realisedShare;
      const later = heston.nextVariance(v, leverage * spot + own * apart);
      // What spot has apart from its variance: QE brings the common part in through the move of V.
      const alone = own * spot - leverage * apart;
      state.variance = later / realisedShare;
      state.skew = skewStep(state.skew, spot, normal[at + 2]!);
      state.premium = premium.mean + premiumStep(state.premium - premium.mean, spot, normal[at + 3]!);
      state.funding = state.premium + (state.funding - state.premium) * fundingDecay;
      return heston.logMove(v, later, alone) + compensation;
    },
  };
}

/** The exact transition of an Ornstein-Uhlenbeck process about zero. */
function revertingStep(
  { halfLifeDays, deviation, spotCorrelation }: Reverting,
  dt: number,
): (value: number, spot: number, own: number) => number {
  const decay = 0.5 ** ((dt * DAYS_PER_YEAR) / halfLifeDays);
  const spread = deviation * Math.sqrt(1 - decay * decay);
  return (value, spot, own) => value * decay + spread * mixed(spotCorrelation, spot, own);
}

/** A standard normal that has correlation `share` with the first of two independent ones. */
function mixed(share: number, one: number, other: number): number {
  return share * one + Math.sqrt(1 - share * share) * other;
}
