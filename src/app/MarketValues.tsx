import type { MarketQuality, ValueKind } from '../engine/domain/marketQuality.ts';
import { useLiveStore } from '../state/store.ts';
import { age, percent } from '../ui/format.ts';
import styles from './MarketSheet.module.css';
import { agesNow } from './sourceView.ts';

const KINDS: readonly (readonly [ValueKind, string])[] = [
  ['index', 'Index'],
  ['perpetual', 'Perpetual'],
  ['forward', 'Forwards'],
  ['quote', 'Quotes'],
  ['history', 'History'],
  ['stablecoin', 'Stablecoin'],
];
/** The gravest come first; nobody reads more at once. */
const MOST_DOUBTS = 20;

/** How old each kind of value of each coin is against its limit, how far it is trusted, and what is doubted. */
export function MarketValues({ now }: { now: number }) {
  const quality = useLiveStore((state) => state.quality);
  const feed = useLiveStore((state) => state.feed);
  if (quality === null) return null;
  const ages = agesNow(quality, feed, now);
  const coins = [...new Set(ages.map(({ underlying }) => underlying))];
  const kinds = KINDS.filter(([kind]) => ages.some((each) => each.kind === kind));
  return (
    <>
      <div className={styles.scroll}>
        <table className={styles.values} aria-label="Age of the oldest value by coin and kind">
          <thead>
            <tr>
              <th scope="col">Oldest</th>
              {kinds.map(([kind, title]) => (
                <th key={kind} scope="col">
                  {title}
                </th>
              ))}
              <th scope="col">Confidence</th>
            </tr>
          </thead>
          <tbody>
            {coins.map((coin) => (
              <tr key={coin}>
                <th scope="row">{coin}</th>
                {kinds.map(([kind]) => {
                  const value = ages.find((each) => each.underlying === coin && each.kind === kind);
                  const isStale = value !== undefined && value.ageMs !== null && value.ageMs > value.limitMs;
                  return (
                    <td key={kind} data-stale={isStale || undefined}>
                      {value === undefined || value.ageMs === null ? (
                        <span className={styles.absent}>none</span>
                      ) : (
                        <>
                          {isStale && 'stale '}
                          {age(value.ageMs)} <span className={styles.limit}>of {age(value.limitMs)}</span>
                        </>
                      )}
                    </td>
                  );
                })}
                <td>{confidenceText(quality, coin)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Doubts quality={quality} />
    </>
  );
}

function confidenceText({ confidence }: MarketQuality, coin: string): string {
  const of = confidence.find(({ underlying }) => underlying === coin);
  if (of === undefined) return 'not judged';
  const parts = [
    ['index', of.index],
    ['perpetual', of.perpetual],
    ['forwards', of.forwards],
    ['vols', of.vols],
  ] as const;
  const [name, least] = parts.reduce((lowest, part) => (part[1] < lowest[1] ? part : lowest));
  return least >= 1 ? 'full' : `${percent(least, 0)}, ${name}`;
}

function Doubts({ quality: { doubts } }: { quality: MarketQuality }) {
  if (doubts.length === 0) return <p className={styles.plain}>Every value is trusted as it came.</p>;
  return (
    <ul className={styles.doubts} aria-label="Values in doubt">
      {doubts.slice(0, MOST_DOUBTS).map(({ message, kind, reason, underlying, expiry, instrument }) => (
        <li key={[underlying, kind, reason, instrument, expiry].join(' ')}>{message}</li>
      ))}
      {doubts.length > MOST_DOUBTS && <li>And {doubts.length - MOST_DOUBTS} more.</li>}
    </ul>
  );
}
