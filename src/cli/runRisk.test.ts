import { compiled, ndtr } from 'cephes';
import { beforeAll, describe, expect, test } from 'vitest';
import { explore } from '../engine/explore.ts';
import { AS_OF, CODES, smallBook, smallSnapshot } from '../engine/fixtures/smallMarket.ts';
import { MILLISECONDS_PER_DAY } from '../engine/domain/units.ts';
import { prepareMarket } from '../engine/scenario/preparedMarket.ts';
import { rowsBy } from '../engine/scenario/unitPnlCache.ts';
import { identified, marketFileText } from '../formats/marketFile.ts';
import { portfolioCsvText } from '../formats/portfolioCsv.ts';
import { portfolioFileText } from '../formats/portfolioFile.ts';
import { commandRun, type FilesInMemory } from './fixtures/commandRun.ts';
import { jsonText } from './jsonText.ts';
import { nodeKernels } from './nodeKernels.ts';
import { verbs } from './verbs.ts';

beforeAll(async () => {
  await compiled;
});

/** Two coins with 400 days of history each: a fixed sequence of returns with a few falls. */
const MARKET = identified({
  ...smallSnapshot(),
  underlyings: smallSnapshot().underlyings.map((underlying, coin) => ({
    ...underlying,
    history: {
      intervalDays: 1,
      closes: Array.from({ length: 400 }, (_, day) => {
        const at = AS_OF - 8 * 3_600_000 - (400 - day) * MILLISECONDS_PER_DAY;
        const move = 0.04 * Math.sin(day * (1.7 + coin)) - (day % 97 === 96 ? 0.12 : 0);
        return [at, underlying.index * Math.exp(move)] as const;
      }),
      volatilityIndex: [],
    },
  })),
});
const BOOK = smallBook(
  [
    [`BTC-${CODES.month}-100000-C`, -2, 0.02],
    [`BTC-${CODES.month}-80000-P`, -2],
    [`ETH-${CODES.year}-3000-C`, 10],
    ['BTC-PERPETUAL', -30_000, 91_000],
  ],
  [
    { asset: 'USDC', quantity: 100_000 },
    { asset: 'BTC', quantity: 1.5 },
  ],
);
const FILES: Record<string, string> = {
  'm.json': marketFileText(MARKET),
  'p.json': portfolioFileText(BOOK),
};
const BOTH = ['--market', 'm.json', '--portfolio', 'p.json'];

const run = (argv: readonly string[], files: FilesInMemory = {}) => commandRun(argv, { ...FILES, ...files });

async function answer<T>(argv: readonly string[], files?: Record<string, string>): Promise<T> {
  const { code, stdout, stderr } = await run(argv, files);
  if (code !== 0) throw new Error(stderr);
  for (const word of ['NaN', 'Infinity', 'undefined', '[object', '\u2212']) {
    if (stdout.includes(word)) throw new Error(`${word} in the answer`);
  }
  return JSON.parse(stdout) as T;
}

async function refusal(argv: readonly string[], files?: Record<string, string | Uint8Array>) {
  const { code, stdout, stderr } = await run(argv, files);
  const { error } = JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as {
    error: { code: string; path: string; message: string };
  };
  return { exit: code, stdout, ...error };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0);
}

interface Valued {
  readonly asOf: string;
  readonly positions: readonly {
    id: string;
    valueUsd: number;
    delta: number;
    impliedVolatility: number | null;
    failure?: object;
  }[];
  readonly byUnderlying: Record<string, { valueUsd: number; delta: number; legs: number }>;
  readonly byExpiry: readonly { underlying: string; expiry: string | null; valueUsd: number }[];
  readonly collateralUsd: number;
  readonly equityUsd: number;
}

describe('the command', () => {
  test('tells its verbs, and each verb its options and answer', async () => {
    const { code, stdout } = await run(['--help']);
    expect(code).toBe(0);
    for (const verb of verbs) {
      expect(stdout).toContain(verb.name);
      const help = await run([verb.name, '--help']);
      expect(help.code).toBe(0);
      const { options } = await verb.load();
      for (const option of Object.keys(options)) expect(help.stdout).toContain(`--${option}`);
    }
  });

  test.each<[string, readonly string[], string, string]>([
    ['no verb', [], '', 'Name a verb'],
    ['an unknown verb', ['liquidat'], '', 'there are value, stress'],
    ['an unknown option', ['value', '--markt', 'm.json'], '', '--markt'],
    ['a stray file', ['value', 'm.json'], '', 'm.json'],
    ['no market', ['value', '--portfolio', 'p.json'], '/market', '--market is missing'],
    [
      'a file that is not there',
      ['value', '--market', 'x.json', '--portfolio', 'p.json'],
      '',
      'x.json cannot be read: there is no such file',
    ],
    [
      'a portfolio for a market',
      ['value', '--market', 'p.json', '--portfolio', 'p.json'],
      '/schema',
      'headroom/market@1',
    ],
    ['a word for a number', ['stress', ...BOTH, '--spot', '-0.1,x'], '/spot', '"x"'],
    ['a hole in a list', ['stress', ...BOTH, '--vol', '0.1,,0.2'], '/vol', 'number'],
    ['a spot below zero', ['stress', ...BOTH, '--spot', '-1'], '/spot', 'above -1'],
    ['an unknown choice', ['stress', ...BOTH, '--smile', 'sticky'], '/smile', 'sticky-strike, sticky-delta'],
    ['negative days', ['stress', ...BOTH, '--days', '-1'], '/days', 'from 0'],
    ['an unknown model', ['margin', ...BOTH, '--model', 'span-2'], '', 'portfolio'],
    ['an unknown margin', ['stress', ...BOTH, '--margin', 'span-2'], '', 'portfolio'],
    ['a confidence in percent', ['var', ...BOTH, '--confidence', '99'], '', '0.99'],
    ['an unknown method', ['var', ...BOTH, '--method', 'magic'], '/method', 'historical'],
    ['hexadecimal', ['var', ...BOTH, '--seed', '0x10'], '/seed', '0x10'],
  ])('%s: exit 2, a reason, and nothing on stdout', async (_what, argv, path, words) => {
    const refused = await refusal(argv);
    expect(refused).toMatchObject({ exit: 2, path });
    expect(refused.message).toContain(words);
    expect(refused.stdout).toBe('');
  });

  test('bad bytes and bad sizes are told by file', async () => {
    expect(await refusal(['value', ...BOTH], { 'm.json': new Uint8Array([0xff, 0xfe, 0x7b]) })).toMatchObject({
      exit: 2,
      message: expect.stringContaining('m.json is not UTF-8'),
    });
    expect(await refusal(['value', ...BOTH], { 'm.json': new Uint8Array(10_000_001) })).toMatchObject({
      exit: 2,
      code: 'too-large',
    });
    expect(await refusal(['value', ...BOTH], { 'p.json': FILES['p.json']!.slice(0, 200) })).toMatchObject({
      code: 'bad-json',
      message: expect.stringContaining('p.json: Line'),
    });
  });

  test('a figure that is not finite is a fault, not null', () => {
    expect(() => jsonText({ a: [1, { b: Number.NaN }] })).toThrow('/a/1/b');
    expect(() => jsonText(new Float64Array([Number.POSITIVE_INFINITY]))).toThrow('/0');
    expect(
      JSON.parse(jsonText({ a: [], b: {}, c: undefined, d: [1, -0.1], e: new Float64Array([2]), id: '\u2212' })),
    ).toEqual({
      a: [],
      b: {},
      d: [1, -0.1],
      e: [2],
      id: '\u2212',
    });
    expect(jsonText({ label: '\u221216 %' })).toContain('"-16 %"');
  });
});

describe('value', () => {
  test('an inverse option is its Black-76 premium over the forward, times the index', async () => {
    const { positions, asOf } = await answer<Valued>(['value', ...BOTH]);
    const days = 35;
    const forward = 90_000 * Math.exp((0.05 * days) / 365);
    const k = Math.log(100_000 / forward);
    const deviation = (0.55 - 0.15 * k + 0.4 * k * k) * Math.sqrt(days / 365);
    const d1 = -k / deviation + deviation / 2;
    const premium = forward * ndtr(d1) - 100_000 * ndtr(d1 - deviation);
    expect(asOf).toBe('2026-11-20T08:00:00Z');
    expect(positions[0]!.id).toBe('a');
    expect(positions[0]!.valueUsd).toBeCloseTo((-2 * premium * 90_000) / forward, 6);
    expect(positions[0]!.impliedVolatility).toBeCloseTo(0.55 - 0.15 * k + 0.4 * k * k, 12);
    expect(positions[3]!.impliedVolatility).toBeNull();
  });

  test('positions add up to underlyings, expiries and equity', async () => {
    const { positions, byUnderlying, byExpiry, collateralUsd, equityUsd } = await answer<Valued>(['value', ...BOTH]);
    const value = total(positions.map(({ valueUsd }) => valueUsd));
    expect(positions.map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd']);
    expect(Object.keys(byUnderlying)).toEqual(['BTC', 'ETH']);
    expect(total(Object.values(byUnderlying).map(({ valueUsd }) => valueUsd))).toBeCloseTo(value, 6);
    expect(total(byExpiry.map(({ valueUsd }) => valueUsd))).toBeCloseTo(value, 6);
    expect(byExpiry.map(({ expiry }) => expiry)).toContain(null);
    expect(byExpiry.map(({ expiry }) => expiry)).toContain('2026-12-25T08:00:00Z');
    expect(collateralUsd).toBe(100_000 + 1.5 * 90_000);
    expect(equityUsd).toBeCloseTo(collateralUsd + value, 6);
  });

  test('a CSV is as good as a JSON file', async () => {
    const csv = await answer<Valued>(['value', '--market', 'm.json', '--portfolio', 'p.csv'], {
      'p.csv': portfolioCsvText(BOOK),
    });
    expect(csv.equityUsd).toBe((await answer<Valued>(['value', ...BOTH])).equityUsd);
  });

  test('legs without a price say why, and the rest is valued', async () => {
    const book = smallBook([
      ['BTC-1JAN26-60000-P', 1],
      [`BTC-${CODES.month}-100000-C`, 1],
      ['XRP-PERPETUAL', 5],
    ]);
    const files = { 'p.json': portfolioFileText(book) };
    const { positions } = await answer<Valued>(['value', ...BOTH], files);
    expect(positions.map(({ id, failure }) => [id, failure !== undefined])).toEqual([
      ['a', true],
      ['b', false],
      ['c', true],
    ]);
    expect(positions[0]).toMatchObject({
      failure: { code: 'expired', message: expect.stringContaining('BTC-1JAN26-60000-P') },
    });
    expect((await run(['value', ...BOTH], files)).stderr).toContain('XRP');
  });

  test('a book of which no leg can be priced is refused; an empty one is worth its collateral', async () => {
    const none = portfolioFileText(smallBook([['XRP-PERPETUAL', 5]]));
    expect(await refusal(['value', ...BOTH], { 'p.json': none })).toMatchObject({
      exit: 2,
      path: '/positions/0/instrument',
    });
    const { equityUsd, positions } = await answer<Valued>(['value', ...BOTH], {
      'p.json': portfolioFileText(smallBook([])),
    });
    expect([equityUsd, positions]).toEqual([100_000, []]);
  });
});

describe('stress', () => {
  interface Stressed {
    readonly spot: number[];
    readonly vol: number[];
    readonly pnlUsd: number[][];
    readonly initialMarginUsd?: number[][];
    readonly maintenanceMarginUsd?: number[][];
    readonly equityUsd?: number[][];
    readonly leftOut: string[];
  }

  test('rows are vol, columns are spot, and nothing moves where nothing moves', async () => {
    const grid = await answer<Stressed>(['stress', ...BOTH, '--spot', '-0.1,0,0.1,0.2', '--vol=0,0.25']);
    expect(grid.spot).toEqual([-0.1, 0, 0.1, 0.2]);
    expect(grid.pnlUsd.map((row) => row.length)).toEqual([4, 4]);
    expect(grid.pnlUsd[0]![1]).toBe(0);
    expect('initialMarginUsd' in grid).toBe(false);
  });

  test('P&L is the difference of two values', async () => {
    const move = 0.1;
    const grid = await answer<Stressed>(['stress', ...BOTH, '--spot', String(move), '--vol', '0']);
    const moved = identified({
      ...MARKET,
      underlyings: MARKET.underlyings.map((underlying) => ({
        ...underlying,
        index: underlying.index * (1 + move),
        perpetual: { mark: underlying.perpetual!.mark * (1 + move) },
        expiries: underlying.expiries.map((expiry) => ({ ...expiry, forward: expiry.forward * (1 + move) })),
      })),
    });
    const before = await answer<Valued>(['value', ...BOTH]);
    const after = await answer<Valued>(['value', ...BOTH], { 'm.json': marketFileText(moved) });
    const legs = ({ equityUsd, collateralUsd }: Valued) => equityUsd - collateralUsd;
    expect(grid.pnlUsd[0]![0]).toBeCloseTo(legs(after) - legs(before), 5);
  });

  test('with a model every cell is re-margined; at the centre as margin says', async () => {
    const grid = await answer<Stressed>(['stress', ...BOTH, '--spot', '0,0.2', '--vol', '0', '--margin', 'portfolio']);
    const [outcome] = await answer<{ initialMarginUsd: number; maintenanceMarginUsd: number }[]>([
      'margin',
      ...BOTH,
      '--model',
      'portfolio',
    ]);
    expect(grid.initialMarginUsd![0]![0]).toBeCloseTo(outcome!.initialMarginUsd, 6);
    expect(grid.maintenanceMarginUsd![0]![0]).toBeCloseTo(outcome!.maintenanceMarginUsd, 6);
    expect(grid.initialMarginUsd![0]![1]).not.toBeCloseTo(outcome!.initialMarginUsd, 0);
  });

  test('a cell is the point of the page’s runway, to the last bit', async () => {
    const spot = [-0.3, -0.05, 0, 0.2];
    const moved = ['--vol', '0.25', '--days', '5', '--smile', 'sticky-delta', '--margin', 'cross'];
    const grid = await answer<Stressed>(['stress', ...BOTH, `--spot=${spot.join()}`, ...moved]);
    const axes = { volUnit: 'relative', smile: 'sticky-delta', movers: 'all' } as const;
    const kernels = nodeKernels();
    const { curves } = explore(
      prepareMarket(MARKET, kernels),
      {
        inputVersion: 1,
        marketId: '',
        book: BOOK,
        proposed: null,
        model: 'cross',
        parameters: {},
        stress: { ...axes, spot: [], vol: [], days: 0 },
        curve: { ...axes, underlying: 'BTC', spot, volShock: 0.25, days: [0], runwayDays: 5 },
        pin: null,
      },
      rowsBy(kernels),
      () => 0,
    );
    expect(curves.before.initialMarginUsd).toEqual(grid.initialMarginUsd![0]);
    expect(curves.before.maintenanceMarginUsd).toEqual(grid.maintenanceMarginUsd![0]);
    expect(curves.before.equityUsd).toEqual(grid.equityUsd![0]);
  });

  test('points are added, relative shocks multiply, days pass', async () => {
    const cell = async (...options: string[]) =>
      (await answer<Stressed>(['stress', ...BOTH, '--spot', '0', ...options])).pnlUsd[0]![0]!;
    const up = await cell('--vol', '0.1');
    const points = await cell('--vol', '0.1', '--vol-unit', 'points');
    expect(Math.abs(points)).toBeGreaterThan(Math.abs(up));
    expect(await cell('--vol', '0', '--days', '7')).not.toBe(0);
    expect(await cell('--vol', '0', '--smile', 'sticky-delta')).toBe(0);
  });
});

describe('margin and models', () => {
  interface Outcome {
    readonly id: string;
    readonly initialMarginUsd: number;
    readonly equityUsd: number;
    readonly availableUsd: number;
    readonly components: { usd: number }[];
    readonly positions: { id: string; initialMarginUsd: number }[];
    readonly unsupported?: { readonly message: string };
  }

  test('one entry a model; components and positions add up', async () => {
    const outcomes = await answer<Outcome[]>(['margin', ...BOTH]);
    const models = await answer<{ id: string }[]>(['models']);
    expect(outcomes.map(({ id }) => id)).toEqual(models.map(({ id }) => id));
    expect(outcomes.length).toBeGreaterThanOrEqual(18);
    for (const { id, unsupported } of outcomes) {
      // Two rulebooks margin no futures; they name the one that stops them.
      if (unsupported !== undefined)
        expect(`${id}: ${unsupported.message}`).toMatch(/^(reg-t|binance-options): .*-PERPETUAL/);
    }
    const answered = outcomes.filter(({ unsupported }) => unsupported === undefined);
    expect(answered.length).toBeGreaterThanOrEqual(16);
    for (const { initialMarginUsd, components, positions, equityUsd, availableUsd } of answered) {
      expect(total(components.map(({ usd }) => usd))).toBeCloseTo(initialMarginUsd, 5);
      expect(total(positions.map((position) => position.initialMarginUsd))).toBeCloseTo(initialMarginUsd, 5);
      expect(availableUsd).toBeCloseTo(equityUsd - initialMarginUsd, 6);
    }
  });

  test('models declare what they take, as JSON Schema whose defaults lie within bounds', async () => {
    interface Model {
      readonly id: string;
      readonly title: string;
      readonly defaultsDate: string;
      readonly defaults: Record<string, number>;
      readonly parameters: {
        type: string;
        properties: Record<string, { minimum: number; maximum: number; default: number }>;
      };
    }
    for (const { parameters, defaults, defaultsDate } of await answer<Model[]>(['models'])) {
      expect(defaultsDate).toMatch(/^\d{4}-\d\d-\d\d$/);
      expect(Object.keys(defaults)).toEqual(Object.keys(parameters.properties));
      for (const [key, { minimum, maximum, default: initial }] of Object.entries(parameters.properties)) {
        expect(defaults[key]).toBe(initial);
        expect(initial).toBeGreaterThanOrEqual(minimum);
        expect(initial).toBeLessThanOrEqual(maximum);
      }
    }
  });

  test('parameters, of one model or by model, change the figure', async () => {
    const [model] = (
      await answer<{ id: string; parameters: { properties: Record<string, { maximum: number }> } }[]>(['models'])
    ).filter(({ id }) => id === 'portfolio');
    const [key, { maximum }] = Object.entries(model!.parameters.properties)[0]!;
    const argv = ['margin', ...BOTH, '--model', 'portfolio'];
    const margin = async (parameters: object) =>
      (await answer<Outcome[]>([...argv, '--parameters', 'x.json'], { 'x.json': JSON.stringify(parameters) }))[0]!
        .initialMarginUsd;
    const wide = await margin({ [key]: maximum });
    expect(wide).toBeGreaterThan((await answer<Outcome[]>(argv))[0]!.initialMarginUsd);
    expect(await margin({ portfolio: { [key]: maximum } })).toBe(wide);
  });

  test.each([
    ['{"portfolio": {"nothing": 1}}', '/portfolio/nothing', 'no parameter'],
    ['{"nothing": {"a": 1}}', '/nothing', 'not a model'],
    ['{"portfolio": {"a": "1"}}', '/portfolio/a', 'a number'],
    ['[]', '', 'an object'],
  ])('parameters %s are refused', async (text, path, words) => {
    const refused = await refusal(['margin', ...BOTH, '--parameters', 'x.json'], { 'x.json': text });
    expect(refused).toMatchObject({ exit: 2, path });
    expect(refused.message).toContain(words);
  });
});

describe('var', () => {
  interface Var {
    readonly method: string;
    readonly valueAtRiskUsd: number;
    readonly expectedShortfallUsd: number;
    readonly standardError: { valueAtRiskUsd: number } | null;
    readonly observations: number;
    readonly byPosition: { id: string; valueAtRiskUsd: number }[];
  }
  const PATHS = ['--paths', '2000'];

  test.each(['historical', 'filtered-historical', 'parametric', 'monte-carlo'])('%s', async (method) => {
    const answered = await answer<Var>(['var', ...BOTH, '--method', method, ...PATHS]);
    expect(answered.method).toBe(method);
    expect(answered.valueAtRiskUsd).toBeGreaterThan(0);
    expect(answered.expectedShortfallUsd).toBeGreaterThanOrEqual(answered.valueAtRiskUsd);
    expect(total(answered.byPosition.map((row) => row.valueAtRiskUsd))).toBeCloseTo(answered.valueAtRiskUsd, 4);
    expect(answered.standardError !== null).toBe(method === 'monte-carlo');
  });

  test('by proxy, verified by full revaluation of the same paths', async () => {
    const argv = ['var', ...BOTH, '--method', 'monte-carlo', ...PATHS];
    const full = await answer<Var>(argv);
    const found = await answer<
      Var & {
        proxyError: { maxUsd: number; shareOfGrossPremium: number };
        verification: { full: Var; paths: number; largestDifferenceUsd: number };
      }
    >([...argv, '--revaluation', 'proxy', '--verify']);
    const { proxyError, verification } = found;
    expect(proxyError.shareOfGrossPremium).toBeLessThanOrEqual(1e-6);
    expect(verification.paths).toBe(2000);
    expect(verification.largestDifferenceUsd).toBeLessThanOrEqual(proxyError.maxUsd);
    expect(verification.full.valueAtRiskUsd).toBe(full.valueAtRiskUsd);
    expect(Math.abs(found.valueAtRiskUsd - full.valueAtRiskUsd)).toBeLessThanOrEqual(proxyError.maxUsd);
    expect(await answer<object>([...argv, '--revaluation', 'proxy'])).not.toHaveProperty('verification');
    const refused = await refusal(['var', ...BOTH, '--verify']);
    expect(refused.message).toContain('--verify is for --revaluation proxy');
  });

  test('the same seed gives the same document, another seed another', async () => {
    const argv = ['var', ...BOTH, '--method', 'monte-carlo', ...PATHS];
    const first = await run(argv);
    expect((await run(argv)).stdout).toBe(first.stdout);
    expect((await run([...argv, '--seed', '2'])).stdout).not.toBe(first.stdout);
    expect(first.stderr).toContain('2000 of 2000');
  });

  test('a target standard error ends the run early, and says so', async () => {
    const argv = ['var', ...BOTH, '--method', 'monte-carlo', '--paths', '40000', '--target-error'];
    expect((await answer<Var>([...argv, '1e9'])).observations).toBe(10_000);
    expect((await run([...argv, '1e9'])).stderr).toContain('10000 of 40000 paths were enough');
    expect((await refusal([...argv, '0'])).message).toContain('The target standard error must be above 0 USD');
  });

  test.each(['heston', 'bates'])('moves by %s need a volatility index', async (distribution) => {
    const refused = await refusal([
      'var',
      ...BOTH,
      '--method',
      'monte-carlo',
      ...PATHS,
      '--distribution',
      distribution,
    ]);
    expect(refused).toMatchObject({ exit: 2, code: 'missing-data' });
    expect(refused.message).toContain('none of BTC, ETH has one');
  });

  test.each(['normal', 'student-t', 't-copula', 'jump-diffusion'])(
    'moves by %s show their estimates',
    async (distribution) => {
      interface Shown {
        readonly valueAtRiskUsd: number;
        readonly estimates: { observations: number; values: { id: string; estimated: number; value: number }[] };
      }
      const argv = ['var', ...BOTH, '--method', 'monte-carlo', ...PATHS, '--distribution', distribution];
      const { valueAtRiskUsd, estimates } = await answer<Shown>(argv);
      expect(valueAtRiskUsd).toBeGreaterThan(0);
      expect(estimates.observations).toBeGreaterThan(30);
      for (const { value, estimated } of estimates.values) expect(value).toBe(estimated);
      const { id, value } = estimates.values.find(({ value: each }) => each > 0)!;
      const file = { 'e.json': JSON.stringify({ [id]: value * 1.5 }) };
      const changed = await answer<Shown>([...argv, '--estimates', 'e.json'], file);
      expect(changed.estimates.values.find((each) => each.id === id)).toMatchObject({ isOverridden: true });
      expect(changed.valueAtRiskUsd).not.toBe(valueAtRiskUsd);
    },
  );

  test.each([
    ['{"BTC.spot.volatilty": 50}', '/BTC.spot.volatilty', 'There is no estimate'],
    ['{"BTC.spot.volatility": "50"}', '/BTC.spot.volatility', 'a number'],
    ['{"BTC.spot.volatility": -50}', '/BTC.spot.volatility', 'between 0 and 10000'],
    ['[]', '', 'an object'],
  ])('estimates %s are refused', async (text, path, words) => {
    const refused = await refusal(['var', ...BOTH, '--method', 'monte-carlo', ...PATHS, '--estimates', 'e.json'], {
      'e.json': text,
    });
    expect(refused).toMatchObject({ exit: 2, path });
    expect(refused.message).toContain(words);
  });

  test('a market without history is named', async () => {
    const market = marketFileText(smallSnapshot());
    const refused = await refusal(['var', ...BOTH], { 'm.json': market });
    expect(refused).toMatchObject({ exit: 2, code: 'missing-data' });
    expect(refused.message).toMatch(/history/i);
  });
});

describe('backtest', () => {
  interface Backtest {
    readonly observations: number;
    readonly confidence: number;
    readonly methods: {
      method: string;
      exceptions: number;
      expectedExceptions: number;
      coverage: { likelihoodRatio: number; pValue: number };
      independence: { n00: number; n01: number; n10: number; n11: number };
      trafficLight: { zone: string; addOn: object | null };
      shortfall: { z2: number; pValue: number; criticalValue: number };
      series: { date: string; pnlUsd: number; valueAtRiskUsd: number; exception: boolean }[];
    }[];
  }

  test('every method over the history after the window, with its tests', async () => {
    const argv = ['backtest', ...BOTH, '--method', 'all', '--confidence', '0.95', '--window', '300'];
    const answered = await answer<Backtest>(argv);
    expect(answered.observations).toBe(99);
    expect(answered.methods.map(({ method }) => method)).toEqual([
      'historical',
      'age-weighted',
      'filtered-historical',
      'parametric',
    ]);
    for (const tested of answered.methods) {
      expect(tested.series).toHaveLength(99);
      expect(tested.expectedExceptions).toBeCloseTo(4.95, 12);
      expect(tested.series.filter((day) => day.exception)).toHaveLength(tested.exceptions);
      expect(tested.series.every((day) => day.exception === day.pnlUsd < -day.valueAtRiskUsd)).toBe(true);
      expect(tested.series[0]!.date).toMatch(/^2026-\d\d-\d\dT/);
      expect(total(Object.values(tested.independence).slice(-4))).toBe(98);
      expect(['green', 'yellow', 'red']).toContain(tested.trafficLight.zone);
      expect(tested.shortfall.criticalValue).toBeLessThan(0);
    }
  });

  test('one method alone says the same of itself', async () => {
    const argv = ['backtest', ...BOTH, '--confidence', '0.95', '--window', '300'];
    const { methods } = await answer<Backtest>(argv);
    expect(methods).toHaveLength(1);
    const all = await answer<Backtest>([...argv, '--method', 'all']);
    expect(methods[0]).toEqual(all.methods[0]);
  });

  test.each<[string, string[], string, string]>([
    ['a method that is none', ['--method', 'magic'], '/method', 'age-weighted'],
    ['a confidence in percent', ['--confidence', '99'], '/confidence', '0.99'],
    ['a window of hours', ['--window', '2.5'], '/window', '30 to 5000'],
    ['a window that leaves nothing', ['--window', '390'], '/window', 'at most 369'],
  ])('%s is refused', async (_, options, path, words) => {
    const refused = await refusal(['backtest', ...BOTH, ...options]);
    expect(refused).toMatchObject({ exit: 2, path, stdout: '' });
    expect(refused.message).toContain(words);
  });

  test('a market without history is named', async () => {
    const refused = await refusal(['backtest', ...BOTH], { 'm.json': marketFileText(smallSnapshot()) });
    expect(refused).toMatchObject({ exit: 2, code: 'missing-data' });
    expect(refused.message).toContain('BTC has no price history in this market');
  });
});

describe('stress under spot-vol beta', () => {
  const RULE = ['--smile', 'spot-vol-beta', '--spot', '-0.2,0,0.2', '--vol', '0'];

  test('moves vol with spot by the beta given', async () => {
    interface Stress {
      readonly pnlUsd: number[][];
      readonly spotVolBeta: Record<string, { beta: number }>;
    }
    const pnl = async (beta: string) =>
      (await answer<Stress>(['stress', ...BOTH, ...RULE, '--spot-vol-beta', beta])).pnlUsd;
    const sticky = await answer<Stress>(['stress', ...BOTH, '--smile', 'sticky-delta', ...RULE.slice(2)]);
    expect(await pnl('0')).toEqual(sticky.pnlUsd);
    // The book is short options: vol that rises as spot falls costs it, and gives back as spot rises.
    const [[down, still, up]] = (await pnl('-0.5')) as [[number, number, number]];
    expect(down).toBeLessThan(sticky.pnlUsd[0]![0]!);
    expect(still).toBeCloseTo(0, 6);
    expect(up).not.toBe(sticky.pnlUsd[0]![2]!);
    const said = await answer<Stress>(['stress', ...BOTH, ...RULE, '--spot-vol-beta', '-0.5']);
    expect(said.spotVolBeta).toEqual({ BTC: { beta: -0.5 }, ETH: { beta: -0.5 } });
  });

  test('refuses what makes no sense, and a market that cannot tell', async () => {
    expect((await refusal(['stress', ...BOTH, ...RULE])).message).toContain('no volatility index to estimate it from');
    expect(await refusal(['stress', ...BOTH, '--spot-vol-beta', '1'])).toMatchObject({
      exit: 2,
      path: '/spot-vol-beta',
    });
    expect(await refusal(['stress', ...BOTH, ...RULE, '--spot-vol-beta', '11'])).toMatchObject({
      path: '/spot-vol-beta',
    });
  });
});

describe('surface', () => {
  test('every unexpired expiry with its fit and its error in vol points', async () => {
    interface Surface {
      readonly underlyings: Record<
        string,
        {
          expiries: { expiry: string; svi: object; rmseVolPoints: number; atmVol: number; leftOut: object[] }[];
          calendarArbitrage: object[];
        }
      >;
    }
    const { underlyings } = await answer<Surface>(['surface', '--market', 'm.json']);
    expect(Object.keys(underlyings)).toEqual(['BTC', 'ETH']);
    const [first] = underlyings.BTC!.expiries;
    expect(underlyings.BTC!.expiries).toHaveLength(3);
    expect(Object.keys(first!.svi)).toEqual(['a', 'b', 'rho', 'm', 'sigma']);
    expect(first!.atmVol).toBeCloseTo(0.55, 2);
    expect(first!.rmseVolPoints).toBeGreaterThan(0);
    expect(first!.rmseVolPoints).toBeLessThan(1);
  });

  test('repaired on request, with what that cost', async () => {
    // The second expiry's vols are cut to less than a third: calendar spreads are worth less than zero.
    const crossed = {
      ...MARKET,
      underlyings: MARKET.underlyings.map((underlying) => ({
        ...underlying,
        expiries: underlying.expiries.map((expiry, i) =>
          i !== 1
            ? expiry
            : { ...expiry, quotes: expiry.quotes.map((quote) => ({ ...quote, markIv: (quote.markIv ?? 0.5) * 0.3 })) },
        ),
      })),
    };
    interface Surface {
      readonly underlyings: Record<
        string,
        {
          expiries: { repair: { rmseVolPointsBefore: number } | null; rmseVolPoints: number }[];
          calendarArbitrage: { where: string }[];
          isRepaired: boolean;
        }
      >;
    }
    const files = { 'm.json': marketFileText(identified(crossed)) };
    const before = (await answer<Surface>(['surface', '--market', 'm.json'], files)).underlyings.BTC!;
    expect(before.calendarArbitrage[0]!.where).toBe('quotes');
    expect(before.isRepaired).toBe(false);
    const after = (await answer<Surface>(['surface', '--market', 'm.json', '--repair'], files)).underlyings.BTC!;
    expect(after.calendarArbitrage).toEqual([]);
    expect(after.isRepaired).toBe(true);
    const cost = after.expiries[1]!;
    expect(cost.repair!.rmseVolPointsBefore).toBe(before.expiries[1]!.rmseVolPoints);
    expect(cost.rmseVolPoints).toBeGreaterThan(cost.repair!.rmseVolPointsBefore);
  });
});

describe('price and implied-volatility', () => {
  // Hull, Options, Futures and Other Derivatives: a four-month put on crude oil futures is worth 1.12.
  const PUT = { type: 'P', forward: 20, strike: 20, timeToExpiryYears: 4 / 12, discount: Math.exp((-0.09 * 4) / 12) };

  test('a published price, and back', async () => {
    const cases = [
      { ...PUT, volatility: 0.25 },
      { ...PUT, type: 'call', strike: 15, volatility: 0 },
    ];
    const [put, intrinsic] = await answer<number[]>(['price', '--cases', 'c.json'], {
      'c.json': JSON.stringify(cases),
    });
    expect(put).toBeCloseTo(1.12, 2);
    expect(intrinsic).toBeCloseTo(5 * PUT.discount, 12);
    const [vol] = await answer<number[]>(['implied-volatility', '--cases', 'c.json'], {
      'c.json': JSON.stringify([{ ...PUT, price: put }]),
    });
    expect(vol).toBeCloseTo(0.25, 12);
  });

  test('a price that no volatility gives is answered in its place', async () => {
    const cases = [
      { ...PUT, strike: 30, price: 1 },
      { ...PUT, price: 1 },
    ];
    const [none, some] = await answer<[{ failure: object }, number]>(['implied-volatility', '--cases', 'c.json'], {
      'c.json': JSON.stringify(cases),
    });
    expect(none.failure).toMatchObject({ path: '/0/price' });
    expect(some).toBeGreaterThan(0);
  });

  test.each([
    ['{}', '', 'a list'],
    ['[1]', '/0', 'an object'],
    ['[{"type":"X"}]', '/0/type', '"X"'],
    ['[{"type":"C","forward":-1}]', '/0/forward', '-1'],
    ['[{"type":"C","forward":1,"strike":1,"timeToExpiryYears":1}]', '/0/volatility', 'missing'],
    ['[{"type":"C","forward":1,"strike":1,"timeToExpiryYears":1,"price":1}]', '/0/price', 'not a field'],
  ])('%s', async (text, path, words) => {
    const refused = await refusal(['price', '--cases', 'c.json'], { 'c.json': text });
    expect(refused).toMatchObject({ exit: 2, path });
    expect(refused.message).toContain(words);
  });
});

describe('import-chain', () => {
  const chain = (currency: string) =>
    JSON.stringify({
      currency,
      capturedAt: '2026-02-05T21:29:37Z',
      indexPrice: 64_000,
      expiries: [{ time: '2026-03-27T08:00Z', underlying: 64_200 }],
      fields: ['instrument', 'expiry', 'strike', 'type', 'bid', 'ask', 'markIv', 'underlying'],
      rows: [[`${currency}-27MAR26-64000-C`, 0, 64_000, 'C', 0.08, 0.085, 60, 64_200]],
    });
  const files = {
    'chains/one.json': chain('BTC'),
    'two.json': chain('ETH'),
    'data/btc-usd-daily.csv': 'date,open,close\n2026-02-01,1,70000\n2026-02-02,1,69000\n',
    'btc-dvol-daily.csv': 'date,close\n2026-02-01,55\n',
    'e.csv': 'date,close\n2026-02-01,2000\n',
  };

  test('chains and histories become one market that the other verbs read', async () => {
    const argv = ['import-chain', 'chains/one.json', 'two.json', 'data/btc-usd-daily.csv', 'btc-dvol-daily.csv'];
    const { code, stdout } = await run([...argv, '--history', 'eth=e.csv'], files);
    expect(code).toBe(0);
    const market = JSON.parse(stdout) as {
      asOf: string;
      underlyings: Record<string, { history: { closes: unknown[]; volatilityIndex: unknown[] } }>;
    };
    expect(market).toMatchObject({
      schema: 'headroom/market@1',
      asOf: '2026-02-05T21:29:37Z',
      source: { kind: 'recorded' },
    });
    expect(market.underlyings.BTC!.history).toMatchObject({
      closes: { length: 2 },
      volatilityIndex: [['2026-02-01T00:00:00Z', 0.55]],
    });
    expect(market.underlyings.ETH!.history.closes).toEqual([['2026-02-01T00:00:00Z', 2000]]);
    const book = portfolioFileText(smallBook([['BTC-27MAR26-64000-C', 1]]));
    const valued = await answer<Valued>(['value', '--market', 'out.json', '--portfolio', 'b.json'], {
      'out.json': stdout,
      'b.json': book,
    });
    expect(valued.positions[0]!.impliedVolatility).toBeCloseTo(0.6, 12);
  });

  test.each([
    ['no chain', [], 'chain'],
    ['a broken chain', ['two.json', 'p.json'], 'p.json'],
    ['a history of nothing', ['two.json', 'data/btc-usd-daily.csv'], 'btc-usd-daily.csv'],
    ['a history without coin', ['two.json', '--history', 'e.csv'], '--history'],
  ])('%s is refused', async (_what, argv, words) => {
    const refused = await refusal(['import-chain', ...argv], files);
    expect(refused.exit).toBe(2);
    expect(refused.message).toContain(words);
  });
});

describe('conformance', () => {
  const file = (expected: number, fn = 'black76.implied_vol') =>
    JSON.stringify({
      schema: 'refvec/1',
      family: 'black76_implied_vol',
      cases: [
        {
          id: 'one',
          fn,
          inputs: { type: 'call', F: 100, K: 100, T: 1, price: 7.965567455405797 },
          expected,
          tol: { rel: 1e-12 },
        },
      ],
    });

  test('a line a case, and the count last on stderr', async () => {
    const passed = await run(['conformance', 'a.json', 'b.json'], {
      'a.json': file(0.2),
      'b.json': file(0.2, 'other'),
    });
    expect(passed.code).toBe(0);
    const lines = passed.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as object);
    expect(lines[0]).toMatchObject({ family: 'black76_implied_vol', id: 'one', fn: 'black76.implied_vol', ok: true });
    expect(lines[1]).toMatchObject({ id: 'one', skipped: expect.stringContaining('other') });
    expect(passed.stderr).toBe('1 passed, 0 failed, 1 skipped\n');
  });

  test('a failed case is exit 1 with all its lines', async () => {
    const failed = await run(['conformance', 'a.json'], { 'a.json': file(0.3) });
    expect(failed).toMatchObject({ code: 1, stderr: '0 passed, 1 failed, 0 skipped\n' });
    expect(JSON.parse(failed.stdout)).toMatchObject({ ok: false, actual: expect.closeTo(0.2, 10) });
  });

  test('what is no reference file is named', async () => {
    expect(await refusal(['conformance', 'm.json'])).toMatchObject({
      exit: 2,
      message: expect.stringContaining('m.json'),
    });
    expect(await refusal(['conformance'])).toMatchObject({ exit: 2 });
  });
});
