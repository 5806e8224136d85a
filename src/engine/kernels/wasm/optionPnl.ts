import { blackParts, timeValueShare } from './blackVectors.ts';
import { forBatches, type KernelWriter, Misses } from './KernelWriter.ts';
import type { Local } from './WasmModule.ts';

/** Vectors a batch. */
const WIDTH = 3;
/** Scenarios a batch. */
export const OPTION_PNL_BATCH = 2 * WIDTH;

/** The terms of an option as the kernel reads them, a double each in this order. */
export const OPTION_PNL_TERMS = [
  'forward',
  'strike',
  'logMoneyness',
  'volatility',
  'volPerShock',
  'leastVol',
  'rootTime',
  'sign',
  'premiumToUsd',
  'presentUsd',
  'quantity',
] as const;

/**
 * `optionPnl(volShock, end, growth, logGrowth, total, terms, misses)`: adds quantity x P&L to `total` for the scenarios whose shocks
 * stand from `volShock` to before `end`, a whole number of batches. Where the fraction of the tails does not reach nothing is added,
 * and the batch is noted in `misses`; their number is answered.
 */
export function writeOptionPnl(writer: KernelWriter): void {
  writer.function(
    'optionPnl',
    true,
    (code, volShock: Local, end: Local, growth: Local, logGrowth: Local, total: Local, terms: Local, list: Local) => {
      const v = writer.vectors(code, WIDTH);
      const term = (name: (typeof OPTION_PNL_TERMS)[number]) => v.splatAt(terms, 8 * OPTION_PNL_TERMS.indexOf(name));
      const misses = new Misses(code, list, volShock);
      forBatches(code, [volShock, growth, logGrowth, total], end, 16 * WIDTH, () => {
        const vol = v.max(v.multiplyAdd(term('volPerShock'), v.load(volShock), term('volatility')), term('leastVol'));
        const totalVol = v.mul(vol, term('rootTime'));
        const a = v.div(v.abs(v.add(v.load(logGrowth), term('logMoneyness'))), totalVol);
        const parts = blackParts(v, a, v.mul(totalVol, v.constant(0.5)));
        const share = timeValueShare(v, parts);
        const forward = v.mul(v.load(growth), term('forward'));
        const strike = term('strike');
        const exercise = v.max(v.mul(v.sub(forward, strike), term('sign')), v.constant(0));
        const premium = v.add(exercise, v.mul(v.min(forward, strike), share));
        // Not fused, so that an unmoved option is worth exactly what it is worth now.
        const pnl = v.and(v.sub(v.mul(premium, term('premiumToUsd')), term('presentUsd')), parts.holds);
        v.store(v.multiplyAdd(pnl, term('quantity'), v.load(total)), total);
        misses.note(v, parts.holds, volShock);
      });
      misses.count();
    },
  );
}
