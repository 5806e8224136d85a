import type { MarketQuality, ValueDoubt } from '../domain/marketQuality.ts';
import { type Timestamp, yearFraction } from '../domain/units.ts';
import type { CoinVerdict } from './CoinVerdict.ts';
import { ageConfidence, disagreementConfidence } from './confidence.ts';
import { durationText, expiryText, percentText, priceText } from './doubtWords.ts';
import { expiryVerdict, type ExpiryVerdict } from './expiryDoubts.ts';
import type { GuardedCoin } from './GuardedCoin.ts';
import { priceDoubts } from './priceDoubts.ts';
import { type ComparedPrice, priceOutliers } from './priceOpinions.ts';
import type { TrustedPrice } from './TrustedPrice.ts';

/** What is wrong with a coin now, and how far it is to be trusted. */
export function coinVerdict(coin: GuardedCoin, clock: Timestamp): CoinVerdict {
  const { symbol, index, perpetual, isLive, limits } = coin;
  const onIndex = priceDoubts(
    {
      kind: 'index',
      underlying: symbol,
      label: `The ${symbol} index`,
      without: `${symbol} is left out until one comes`,
    },
    index,
    clock,
    isLive,
    null,
  );
  const onPerpetual =
    perpetual === null
      ? []
      : priceDoubts(
          {
            kind: 'perpetual',
            underlying: symbol,
            label: `The ${symbol} perpetual`,
            without: 'perpetuals have no mark until one comes',
          },
          perpetual,
          clock,
          isLive,
          index.value,
        );
  const disputes = coin.isCompared ? disputed(coin, clock, [...onIndex, ...onPerpetual]) : [];
  const history = historyDoubts(coin, clock);

  const doubts = [...onIndex, ...onPerpetual, ...disputes, ...history];
  const expiries = new Map<Timestamp, ExpiryVerdict>();
  const [newest, second] = newestTwo(coin);
  for (const guarded of coin.expiries.values()) {
    const isNewest = guarded.newestQuoteAt === newest;
    const verdict = expiryVerdict(guarded, {
      underlying: symbol,
      clock,
      isLive,
      isCompared: coin.isCompared,
      // A forward is not blamed for an index that is known to be wrong.
      index: [...onIndex, ...disputes].some(({ kind, confidence }) => kind === 'index' && confidence <= 0.5)
        ? null
        : index.value,
      newestElsewhere: isNewest ? second : newest,
      limits,
    });
    expiries.set(guarded.expiry, verdict);
    for (const doubt of verdict.doubts) doubts.push(doubt);
  }
  for (const expiry of coin.delisted) {
    if (clock < expiry)
      doubts.push({
        kind: 'quote',
        reason: 'missing',
        underlying: symbol,
        expiry,
        message: `${expiryText(symbol, expiry)} was taken off the list ${durationText(expiry - clock)} before its expiry; its options have no prices`,
        confidence: 0,
        treatment: 'left-out',
      });
  }
  const least = (kind: ValueDoubt['kind']): number =>
    doubts.reduce((low, doubt) => (doubt.kind === kind ? Math.min(low, doubt.confidence) : low), 1);
  const verdicts = [...expiries.values()];
  return {
    doubts,
    confidence: {
      underlying: symbol,
      index: least('index'),
      perpetual: least('perpetual'),
      forwards: Math.min(1, ...verdicts.map(({ forward }) => forward)),
      vols: Math.min(1, ...verdicts.map(({ vol }) => vol)),
    },
    ages: coinAges(coin, clock, verdicts),
    expiries,
  };
}

/** Index, perpetual and nearest forward against each other, where none of them is in doubt already. */
function disputed(coin: GuardedCoin, clock: Timestamp, known: readonly ValueDoubt[]): ValueDoubt[] {
  const { symbol, index, perpetual, limits } = coin;
  if (known.some(({ reason }) => reason === 'disputed' || reason === 'jump') || index.value === null) return [];
  const isFresh = (price: TrustedPrice): boolean =>
    price.isSettled && (!coin.isLive || clock - price.at <= limits.opinionMs);
  const near = [...coin.expiries.values()]
    .filter(({ expiry, forward }) => expiry > clock && isFresh(forward))
    .sort((one, other) => one.expiry - other.expiry)[0];
  const sources: ComparedPrice<{ kind: 'index' | 'perpetual' | 'forward'; label: string; expiry?: Timestamp }>[] = [];
  const tolerance = limits.agreementShare;
  if (isFresh(index)) sources.push({ source: { kind: 'index', label: 'index' }, price: index.value, tolerance });
  if (perpetual !== null && isFresh(perpetual))
    sources.push({ source: { kind: 'perpetual', label: 'perpetual' }, price: perpetual.value!, tolerance });
  if (near !== undefined)
    sources.push({
      source: { kind: 'forward', label: `${expiryText(symbol, near.expiry)} forward`, expiry: near.expiry },
      price: near.forward.value!,
      tolerance: tolerance + limits.carryShareYearly * yearFraction(clock, near.expiry),
    });

  const [outlier] = priceOutliers(sources);
  if (outlier !== undefined) {
    const { source, share, median } = outlier;
    // Of the forward its expiry tells.
    if (source.kind === 'forward') return [];
    return [
      {
        kind: source.kind,
        reason: 'disputed',
        underlying: symbol,
        message: `The ${symbol} ${source.label} is ${percentText(share)} off ${priceText(median)}, the median of ${sources.map(({ source: { label } }) => label).join(', ')}; it is used as it came`,
        confidence: disagreementConfidence(share, tolerance),
        treatment: 'kept',
      },
    ];
  }
  if (sources.length !== 2 || sources[0]!.source.kind !== 'index' || sources[1]!.source.kind !== 'perpetual') return [];
  const share = perpetual!.value! / index.value - 1;
  if (Math.abs(share) <= tolerance) return [];
  return (['index', 'perpetual'] as const).map((kind) => ({
    kind,
    reason: 'disputed',
    underlying: symbol,
    message: `The ${symbol} perpetual, ${priceText(perpetual!.value)}, is ${percentText(share)} off the index, ${priceText(index.value)}, and nothing tells which is wrong; the ${kind} is used as it came`,
    confidence: disagreementConfidence(share, tolerance),
    treatment: 'kept',
  }));
}

function historyDoubts({ symbol, history, isLive, limits }: GuardedCoin, clock: Timestamp): ValueDoubt[] {
  const last = history?.closes.at(-1);
  if (last === undefined || !isLive) return [];
  const age = clock - last[0];
  const limitMs = limits.staleMs.history;
  if (!(age > limitMs)) return [];
  return [
    {
      kind: 'history',
      reason: 'stale',
      underlying: symbol,
      message: `The price history of ${symbol} ends ${durationText(age)} ago, its limit is ${durationText(limitMs)}; VaR reads it as it is`,
      confidence: ageConfidence(age, limitMs),
      treatment: 'kept',
    },
  ];
}

function coinAges(coin: GuardedCoin, clock: Timestamp, verdicts: readonly ExpiryVerdict[]): MarketQuality['ages'] {
  const { symbol: underlying, index, perpetual, history, limits } = coin;
  const since = (at: Timestamp | undefined): number | null =>
    at === undefined || !Number.isFinite(at) ? null : Math.max(0, clock - at);
  const oldest = (ages: readonly (number | null)[]): number | null => {
    const known = ages.filter((age) => age !== null);
    return known.length === 0 ? null : Math.max(0, ...known);
  };
  const forwards = [...coin.expiries.values()].filter(({ expiry }) => expiry > clock);
  const ages = {
    index: since(index.at),
    perpetual: since(perpetual?.at),
    forward: oldest(forwards.map(({ forward }) => since(forward.at))),
    quote: oldest(verdicts.map(({ oldestQuoteMs }) => oldestQuoteMs)),
    history: since(history?.closes.at(-1)?.[0]),
  };
  return (Object.keys(ages) as (keyof typeof ages)[]).map((kind) => ({
    underlying,
    kind,
    ageMs: ages[kind],
    limitMs: limits.staleMs[kind],
  }));
}

/** The times of the newest quotes of two different expiries, newest first. */
function newestTwo(coin: GuardedCoin): readonly [Timestamp, Timestamp] {
  let newest = Number.NEGATIVE_INFINITY;
  let second = Number.NEGATIVE_INFINITY;
  for (const { newestQuoteAt } of coin.expiries.values()) {
    if (newestQuoteAt > newest) [newest, second] = [newestQuoteAt, newest];
    else second = Math.max(second, newestQuoteAt);
  }
  return [newest, second];
}
