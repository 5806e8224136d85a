/** What is to happen, whatever the seed: laid over the random market. Hours since the start. */
export interface MarketScript {
  /** Relative move of every coin's spot, −0.25 = down 25 %, on top of what is drawn. */
  readonly spot?: Track;
  /** Of a coin by its symbol, where it departs from the others. */
  readonly spotOf?: Readonly<Record<string, Track>>;
  /** Factor of short-dated vol; spot becomes as much livelier. Longer expiries follow as variance that reverts to its mean lets them. */
  readonly vol?: Track;
  /** Factor of the random part of spot besides that of vol. */
  readonly noise?: Track;
  /** Added to the rho of short smiles; below 0 puts become dearer. */
  readonly skew?: Track;
  /** Added to the perpetual's premium over the index, as a share of it. */
  readonly premium?: Track;
  /** Factor of the bid-ask spreads of options. */
  readonly spread?: Track;
  /** USD per unit, of stablecoins by asset. */
  readonly stablecoins?: Readonly<Record<string, Track>>;
}

/** Values at some hours, ascending: between them the way is smooth, before and after them the ends hold. */
export type Track = readonly (readonly [hours: number, value: number])[];

/** The value of a track, `otherwise` for one that is not given. */
export function trackValue(track: Track | undefined, hours: number, otherwise: number): number {
  if (track === undefined || track.length === 0) return otherwise;
  const next = track.findIndex(([at]) => at > hours);
  if (next === 0) return track[0]![1];
  if (next < 0) return track.at(-1)![1];
  const [[from, one], [to, other]] = [track[next - 1]!, track[next]!];
  const share = (hours - from) / (to - from);
  return one + (other - one) * share * share * (3 - 2 * share);
}
