import type { AppState } from '../state/AppState.ts';

const KEPT = [
  'model',
  'unit',
  'colourScheme',
  'underlying',
  'chainExpiry',
  'smile',
  'spotVolBeta',
  'movers',
  'curveDays',
  'stressMetric',
  'varSettings',
  'reproducible',
] as const;

type Kept = Pick<AppState, (typeof KEPT)[number]>;

/** The settings of the screen that outlive a visit. */
export function viewSettings(state: AppState): Kept {
  return Object.fromEntries(KEPT.map((key) => [key, state[key]])) as unknown as Kept;
}

/** Nothing that is kept has changed. */
export function areSameSettings(a: Kept, b: Kept): boolean {
  return KEPT.every((key) => Object.is(a[key], b[key]));
}

/** What of a saved record may be taken over; anything that does not fit is left out. */
export function restoredSettings(record: Readonly<Record<string, unknown>>): Partial<AppState> {
  const oneOf = <K extends keyof AppState>(key: K, ...values: readonly AppState[K][]): Partial<AppState> =>
    values.includes(record[key] as AppState[K]) ? ({ [key]: record[key] } as Partial<AppState>) : {};
  const text = (key: 'model' | 'underlying' | 'movers'): Partial<AppState> =>
    typeof record[key] === 'string' && record[key].length <= 64 ? { [key]: record[key] } : {};
  return {
    ...text('model'),
    ...text('underlying'),
    ...text('movers'),
    ...oneOf('unit', 'usd', 'coin'),
    ...oneOf('colourScheme', 'blue-orange', 'green-red', 'red-green'),
    ...oneOf('smile', 'sticky-strike', 'sticky-delta', 'spot-vol-beta'),
    ...(isBetween(record.spotVolBeta, -10, 10) ? { spotVolBeta: record.spotVolBeta } : {}),
    ...oneOf('reproducible', true, false),
    ...oneOf('stressMetric', 'pnl', 'margin', 'free'),
    ...(isBetween(record.chainExpiry, 0, 8.64e15) ? { chainExpiry: record.chainExpiry } : {}),
    ...(isBetween(record.curveDays, 0, 3650) ? { curveDays: record.curveDays } : {}),
    ...(isVarSettings(record.varSettings) ? { varSettings: { ...LATER_SETTINGS, ...record.varSettings } } : {}),
  };
}

function isBetween(value: unknown, low: number, high: number): value is number {
  return typeof value === 'number' && value >= low && value <= high;
}

/** Settings that came after the first ones were saved. */
const LATER_SETTINGS: Pick<
  AppState['varSettings'],
  | 'tailOf'
  | 'thresholdQuantile'
  | 'copulaMargins'
  | 'filter'
  | 'overrides'
  | 'targetStandardErrorShare'
  | 'sampling'
  | 'revaluation'
> = {
  tailOf: 'historical',
  thresholdQuantile: null,
  copulaMargins: 't',
  filter: null,
  overrides: {},
  targetStandardErrorShare: 0.0025,
  sampling: 'importance',
  revaluation: 'auto',
};

function isRecord(value: unknown, isEntry: (entry: unknown) => boolean): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(isEntry);
}

function isVarSettings(
  value: unknown,
): value is Omit<AppState['varSettings'], keyof typeof LATER_SETTINGS> & Partial<typeof LATER_SETTINGS> {
  if (typeof value !== 'object' || value === null) return false;
  const settings = value as Record<string, unknown>;
  return (
    isBetween(settings.confidence, 0.5, 0.9999) &&
    isBetween(settings.expectedShortfallConfidence, 0.5, 0.9999) &&
    isBetween(settings.horizonDays, 0.01, 365) &&
    isBetween(settings.paths, 100, 10_000_000) &&
    isBetween(settings.seed, 0, 2 ** 32) &&
    isBetween(settings.degreesOfFreedom, 2, 1000) &&
    // What was saved before a setting came goes by the initial one.
    [undefined, 'historical', 'monte-carlo'].includes(settings.tailOf as string | undefined) &&
    (settings.thresholdQuantile === undefined ||
      settings.thresholdQuantile === null ||
      isBetween(settings.thresholdQuantile, 0.5, 0.999)) &&
    (settings.targetStandardErrorShare === undefined ||
      settings.targetStandardErrorShare === null ||
      isBetween(settings.targetStandardErrorShare, 1e-6, 1)) &&
    [undefined, 'plain', 'sobol', 'importance'].includes(settings.sampling as string | undefined) &&
    [undefined, 'auto', 'full', 'proxy', 'delta-gamma'].includes(settings.revaluation as string | undefined) &&
    [undefined, 't', 'empirical'].includes(settings.copulaMargins as string | undefined) &&
    [undefined, null, 'riskmetrics', 'ewma', 'garch'].includes(settings.filter as string | null | undefined) &&
    (settings.overrides === undefined || isRecord(settings.overrides, (each) => isRecord(each, Number.isFinite))) &&
    ['normal', 'student-t', 't-copula', 'jump-diffusion', 'heston', 'bates'].includes(settings.distribution as string)
  );
}
