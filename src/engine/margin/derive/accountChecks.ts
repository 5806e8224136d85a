import { RiskError } from '../../domain/failure.ts';
import type { Usd } from '../../domain/units.ts';

/** @throws RiskError `bad-value` for a stablecoin without a price: cash is worth what the coin behind it is worth. */
export function requireStablePrice(stablePrice: Usd): void {
  if (!(stablePrice > 0)) throw new RiskError('bad-value', 'The stablecoin price must be above zero');
}

/** @throws RiskError `bad-value` naming the figure that came out as no number, so that none is shown. */
export function requireFinite(figures: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(figures)) {
    if (!Number.isFinite(value)) {
      throw new RiskError(
        'bad-value',
        `The ${name} of this account has no value; check its prices, vols and quantities`,
      );
    }
  }
}
