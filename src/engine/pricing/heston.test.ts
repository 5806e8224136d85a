import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { RiskError } from '../domain/failure.ts';
import { black76Price } from './black76.ts';
import { expectedTotalVariance, type HestonParameters, hestonOutOfTheMoneyPrice, hestonPrice } from './heston.ts';

function heston(
  initialVariance: number,
  longRunVariance: number,
  meanReversion: number,
  volOfVol: number,
  correlation: number,
): HestonParameters {
  return { initialVariance, longRunVariance, meanReversion, volOfVol, correlation };
}

const relativeError = (actual: number, expected: number) => Math.abs(actual / expected - 1);

describe('published prices', () => {
  // Lewis's 30-digit values, as QuantLib's test suite has them.
  it.each([
    ['P', 80, 7.958878113256768],
    ['C', 100, 16.070154917028834],
    ['C', 110, 12.132211516709845],
    ['P', 120, 29.811026202682473],
  ] as const)('Lewis: %s at %f', (type, strike, expected) => {
    const forward = 100 * Math.exp(-0.01);
    const price = hestonPrice(type, forward, strike, 1, heston(0.04, 0.25, 4, 1, -0.5), Math.exp(-0.01));
    expect(relativeError(price, expected)).toBeLessThan(1e-14);
  });

  it('Kahl and Jaeckel: ten years, vol of vol 2, Feller condition far off', () => {
    const price = hestonPrice('C', 100, 200, 10, heston(0.16, 0.16, 1, 2, -0.8));
    expect(relativeError(price, 4.9521147208797647)).toBeLessThan(1e-14);
  });
});

describe('far wings and extremes', () => {
  // In 36 digits along a vertical contour: strike over forward, years, [v0, theta, kappa, sigma, rho], price over forward.
  it.each<[number, number, Parameters<typeof heston>, number]>([
    [
      0.9743029878597589,
      0.0026377855602805612,
      [0.008071868537650313, 0.17439747953525644, 0.011842820765682058, 0.026363244405628802, 0.6560552393936809],
      3.941646039401436e-12,
    ],
    [
      5.824308366133469e-8,
      9.232177472182835,
      [0.0003476554437209262, 0.21786938618591925, 0.4598311175753298, 1.5705708811356474, 0.036918369094239845],
      9.021735020642368e-11,
    ],
    [
      0.19716206151692453,
      22.176609024140678,
      [0.03423922350468, 0.003657244613652262, 1.658709965353999, 0.014166833910449417, 0],
      3.5672939238700068e-9,
    ],
    [
      0.4006002960230021,
      2.246852594238646,
      [0.29162492518490435, 0.008570982633111896, 13.135540032858952, 0.0020232282336778468, 0.99],
      7.390477588767132e-8,
    ],
    [
      1.016430999984711,
      0.00971349026152557,
      [0.004190900876697574, 0.0007362590963519922, 0.022888198756433036, 0.030420380320329087, -1],
      8.157453548746111e-6,
    ],
    [
      0.0033774874655703425,
      4.095713591696656,
      [0.5457918926218073, 2.5287368577162432, 0.07162512513103887, 0.017286433654068022, -0.4357271410702164],
      1.9798296574555037e-5,
    ],
    [
      454.21218871034483,
      23.14240936732253,
      [0.5182848734265538, 0.08828627160412476, 2.7912343865637594, 0.5477389579201852, 0],
      0.00017305149349479588,
    ],
    [
      1.0025668652959225,
      0.017098594525800745,
      [0.002284762759326834, 0.0036453028216857585, 0.2833800592802363, 0.008177605541794596, 1],
      0.0014272770113808843,
    ],
    [
      0.9682769374438305,
      0.00956392327803383,
      [0.09040538560604457, 0.0005717957826604045, 0.05801272474711983, 5.623478369531607, -0.5425617396101379],
      0.003192937636355117,
    ],
    [
      1.015848741052001,
      0.002533509197826499,
      [0.2978838773462806, 0.8718076947615365, 14.188785308322595, 0.04800136165983022, -0.99],
      0.005036927992112331,
    ],
    [
      1.0775659600867982,
      0.08648633147611189,
      [0.07767608141906698, 0.000567067030774239, 0.7477089040500374, 0.001543261034406433, -0.99],
      0.008002198688941442,
    ],
    [
      1.0,
      0.5532382456217443,
      [0.005413389086332152, 0.003537021173542939, 4.256355853900172, 0.19243289945790681, 0.6993067512792297],
      0.018372647144550752,
    ],
    [
      1.0,
      0.5797124454890344,
      [0.007747744460299124, 0.00040433663285809767, 0.11940815324190888, 0.0017829290115255318, 0],
      0.02629935400759115,
    ],
    [
      1.0,
      0.09289498260537744,
      [0.16597790825589775, 0.0007176852314150651, 0.9697602651576499, 0.0013423955816645203, 0.99],
      0.048417963423081294,
    ],
    [
      0.32785667535290935,
      22.906600242317353,
      [0.22615532719967119, 0.003720251570029622, 0.14908684822842297, 0.004312804095475136, 0.5581097826763544],
      0.06278237673781203,
    ],
    [
      1.0,
      0.08557550290877297,
      [1.6105473189394384, 0.0021290589523858114, 0.7475404357483894, 0.5482871011771746, 0.4241723506774653],
      0.14522379506897967,
    ],
    [
      1.4740407290392323,
      9.284954616828045,
      [0.0016163058325955524, 0.35764235063965677, 0.12391359870966041, 0.005159273835500047, 0.7261170630412537],
      0.334851123593308,
    ],
    [
      0.848799175015113,
      8.181664004855232,
      [0.0010044573289927266, 0.9434781844260504, 1.1849426904149614, 0.003935688112236282, 0.013787255281589639],
      0.6755409539477398,
    ],
    [
      1.0,
      18.622594648326224,
      [0.011092958992684204, 0.5593827220099168, 0.07012788470866632, 0.8306341204612953, 0.99],
      0.739285038616992,
    ],
    [
      1.522959220061976,
      0.22819307223267377,
      [0.0012510457995546314, 0.049183898030715, 0.894128200964291, 0.016245174779766936, -1],
      1.081925794367312e-57,
    ],
    [
      2.0441007938918188,
      1.9318933209399154,
      [0.004520211564379446, 0.003536269811665061, 2.3119843723678684, 0.30248771046515405, -0.99],
      1.5699857277991086e-237,
    ],
  ])('strike %f, %f years, %j', (strike, years, parameters, expected) => {
    expect(relativeError(hestonOutOfTheMoneyPrice(1, strike, years, heston(...parameters)), expected)).toBeLessThan(
      2e-13,
    );
  });

  it('has no value where the price cannot go', () => {
    // At correlation -1 ln(S/F) stays below (v0 + kappa theta T) / sigma.
    expect(hestonOutOfTheMoneyPrice(1, 1.1, 1, heston(0.04, 0.01, 1, 1, -1))).toBe(0);
  });
});

const models = fc
  .record({
    initialVariance: fc.double({ min: 0.001, max: 2, noNaN: true }),
    longRunVariance: fc.double({ min: 0.001, max: 2, noNaN: true }),
    meanReversion: fc.double({ min: 0.01, max: 10, noNaN: true }),
    volOfVol: fc.double({ min: 0.001, max: 4, noNaN: true }),
    correlation: fc.double({ min: -1, max: 1, noNaN: true }),
  })
  .map((parameters): HestonParameters => parameters);
const years = fc.double({ min: 1 / 365, max: 12, noNaN: true });
const logStrikes = fc.double({ min: -3, max: 3, noNaN: true });

describe('properties', () => {
  property.prop([models, years, logStrikes], { seed: 41, numRuns: 60 })('put-call parity', (model, T, k) => {
    const strike = 100 * Math.exp(k);
    const gap = hestonPrice('C', 100, strike, T, model) - hestonPrice('P', 100, strike, T, model);
    expect(Math.abs(gap - (100 - strike))).toBeLessThan(1e-13 * (100 + strike));
  });

  property.prop([models, years, logStrikes], { seed: 42, numRuns: 60 })('within its bounds', (model, T, k) => {
    const strike = Math.exp(k);
    const price = hestonOutOfTheMoneyPrice(1, strike, T, model);
    expect(price).toBeGreaterThanOrEqual(0);
    expect(price).toBeLessThanOrEqual(Math.min(1, strike) * (1 + 1e-14));
  });

  property.prop([models, years, logStrikes, fc.double({ min: 1e-3, max: 1e6, noNaN: true })], {
    seed: 43,
    numRuns: 40,
  })('scales with forward and strike', (model, T, k, scale) => {
    const price = hestonPrice('C', 1, Math.exp(k), T, model);
    expect(Math.abs(hestonPrice('C', scale, scale * Math.exp(k), T, model) - scale * price)).toBeLessThanOrEqual(
      1e-11 * scale * price,
    );
  });

  property.prop([models, years, logStrikes, fc.double({ min: 0.01, max: 0.5, noNaN: true })], {
    seed: 44,
    numRuns: 60,
  })('a call falls and is convex in strike, a put rises', (model, T, k, step) => {
    const strikes = [-1, 0, 1].map((side) => Math.exp(k) * (1 + side * step));
    const [low, middle, high] = strikes.map((strike) => hestonPrice('C', 1, strike, T, model)) as [
      number,
      number,
      number,
    ];
    expect(low).toBeGreaterThanOrEqual(middle - 1e-13);
    expect(middle).toBeGreaterThanOrEqual(high - 1e-13);
    expect(low + high - 2 * middle).toBeGreaterThanOrEqual(-1e-12 * (1 + low));
    const [lowPut, highPut] = [strikes[0]!, strikes[2]!].map((strike) => hestonPrice('P', 1, strike, T, model));
    expect(highPut).toBeGreaterThanOrEqual(lowPut! - 1e-13);
  });

  property.prop([models, years, logStrikes], { seed: 45, numRuns: 60 })(
    'tends to Black with the mean variance as vol of vol vanishes',
    (model, T, k) => {
      const strike = Math.exp(k);
      const volatility = Math.sqrt(expectedTotalVariance(model, T) / T);
      const exact = black76Price(strike >= 1 ? 'C' : 'P', 1, strike, T, volatility);
      const still = hestonOutOfTheMoneyPrice(1, strike, T, { ...model, volOfVol: 0 });
      expect(Math.abs(still - exact)).toBeLessThanOrEqual(1e-12 * exact);
      // The first correction is linear in vol of vol, times the correlation.
      const near = hestonOutOfTheMoneyPrice(1, strike, T, { ...model, volOfVol: 1e-7, correlation: 0 });
      if (exact > 1e-30) expect(relativeError(near, exact)).toBeLessThan(1e-9);
    },
  );

  property.prop([models, years, logStrikes], { seed: 46, numRuns: 40 })(
    'is continuous across the money and in its parameters',
    (model, T, k) => {
      const price = hestonPrice('C', 1, Math.exp(k), T, model);
      const moved = hestonPrice('C', 1, Math.exp(k) * (1 + 1e-9), T * (1 + 1e-9), {
        ...model,
        volOfVol: model.volOfVol * (1 + 1e-9),
      });
      expect(Math.abs(moved - price)).toBeLessThan(1e-7);
    },
  );
});

describe('the simplest cases', () => {
  it('at expiry, and without variance, an option is worth its intrinsic value', () => {
    const model = heston(0.04, 0.04, 1, 0.5, -0.7);
    expect(hestonPrice('C', 110, 100, 0, model)).toBe(10);
    expect(hestonPrice('P', 110, 100, 0, model)).toBe(0);
    expect(hestonPrice('C', 110, 100, 1, heston(0, 0, 1, 0.5, 0))).toBe(10);
  });

  it('no mean reversion, and no variance today', () => {
    for (const model of [heston(0.04, 0.09, 0, 0.5, -0.7), heston(0, 0.09, 2, 0.5, 0.3)]) {
      const near = {
        ...model,
        meanReversion: model.meanReversion + 1e-10,
        initialVariance: model.initialVariance + 1e-13,
      };
      expect(relativeError(hestonPrice('C', 1, 1.1, 1, model), hestonPrice('C', 1, 1.1, 1, near))).toBeLessThan(1e-8);
    }
  });
});

describe('refusals name what is wrong', () => {
  const model = heston(0.04, 0.04, 1, 0.5, -0.7);
  it.each([
    [0, 100, 1, model, 'forward'],
    [100, Number.NaN, 1, model, 'strike'],
    [100, 100, -1, model, 'time to expiry'],
    [100, 100, 1, { ...model, initialVariance: -0.01 }, 'initial variance'],
    [100, 100, 1, { ...model, longRunVariance: Infinity }, 'long-run variance'],
    [100, 100, 1, { ...model, meanReversion: -1 }, 'mean reversion'],
    [100, 100, 1, { ...model, volOfVol: Number.NaN }, 'vol of vol'],
    [100, 100, 1, { ...model, correlation: 1.01 }, 'correlation'],
  ] as const)('forward %f, strike %f, %f years, %j', (forward, strike, T, parameters, name) => {
    expect(() => hestonPrice('C', forward, strike, T, parameters)).toThrow(RiskError);
    expect(() => hestonPrice('C', forward, strike, T, parameters)).toThrow(name);
  });
});
