import type { PairedStrategy } from './bestPairing.ts';
import type { RegTLeg } from './limitedRisk.ts';

/** A strategy as a trader names it: `Put credit spread`, `Iron condor`, `Covered call`. */
export function strategyTitle({ kind, legs }: PairedStrategy, options: readonly RegTLeg[]): string {
  const one = options[legs[0]!];
  const other = options[legs[1]!];
  // The underlying stands in strategies that have one name only.
  if (one === undefined) return capitalised(kind);
  const type = one.type === 'C' ? 'call' : 'put';
  const side = one.quantity > 0 ? 'Long' : 'Short';
  switch (kind) {
    case 'long option':
    case 'short option':
      return `${side} ${type}`;
    case 'vertical': {
      const debit = (one.type === 'C') === one.strike < other!.strike;
      return `${capitalised(type)} ${debit ? 'debit' : 'credit'} spread`;
    }
    case 'calendar':
    case 'diagonal':
      return `${capitalised(type)} ${kind}`;
    case 'butterfly':
    case 'condor':
      return `${side} ${type} ${kind}`;
    case 'iron butterfly':
    case 'iron condor':
      // Put bought, put sold: the usual one is sold at the inner strikes.
      return one.strike < other!.strike ? capitalised(kind) : `Reverse ${kind}`;
    default:
      return capitalised(kind);
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
