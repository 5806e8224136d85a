import type { PairedStrategy } from './bestPairing.ts';
import type { RegTLeg } from './limitedRisk.ts';

/** A strategy as a trader names it: `Put credit spread`, `Iron condor`, `Covered call`. */
export function strategyTitle({ kind, legs }: PairedStrategy, options: readonly RegTLeg[]): string {
  const leg = (k: number) => options[legs[k]!]!;
  const type = (k: number) => (leg(k).type === 'C' ? 'call' : 'put');
  const bought = (k: number) => leg(k).quantity > 0;
  switch (kind) {
    case 'long option':
    case 'short option':
      return `${bought(0) ? 'Long' : 'Short'} ${type(0)}`;
    case 'vertical': {
      const debit = (leg(0).type === 'C') === leg(0).strike < leg(1).strike;
      return `${capitalised(type(0))} ${debit ? 'debit' : 'credit'} spread`;
    }
    case 'calendar':
    case 'diagonal':
      return `${capitalised(type(0))} ${kind}`;
    case 'butterfly':
    case 'condor':
      return `${bought(0) ? 'Long' : 'Short'} ${type(0)} ${kind}`;
    case 'iron butterfly':
    case 'iron condor':
      // Put bought, put sold: the usual one is sold at the inner strikes.
      return leg(0).strike < leg(1).strike ? capitalised(kind) : `Reverse ${kind}`;
    default:
      return capitalised(kind);
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
