import type { Result } from '../../engine/domain/failure.ts';

/** Where a whole market comes from: the text of a `headroom/market@1` file, or why there is none. */
export interface MarketDataSource {
  readonly id: 'demo';
  readonly label: string;
  text(signal?: AbortSignal): Promise<Result<string>>;
}
