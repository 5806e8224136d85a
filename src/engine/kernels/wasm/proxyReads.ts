import { forBatches, type KernelWriter } from './KernelWriter.ts';
import { DOUBLE, WORD } from './opcodes.ts';
import { CELL_BYTES, PROXY_BLOCK, PROXY_HEADER } from './proxyLayout.ts';
import { F64, I32, type Local } from './WasmModule.ts';
import { BANDS, CELL } from '../CoinProxy.ts';

/** Bytes that put the first (second) number of a vector in both places. */
const FIRST_TWICE = [0, 1, 2, 3, 4, 5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7];
const SECOND_TWICE = [8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15];

/**
 * `proxyPnl(logGrowth, end, volShock, growth, total, table, missed)`: adds the P&L of the proxy that `proxyLayout` has laid out at
 * `table`, path by path, and writes the numbers of those that it does not cover as words to `missed`; how many is answered. One path at
 * a time: a vector is a log-move and a vol shock until the cell is found, then two powers of the shock. Nothing is fused, so that
 * this is `addProxyPnl` of the reference bit by bit.
 */
export function writeProxyReads(writer: KernelWriter): void {
  writer.function(
    'proxyPnl',
    true,
    (code, logGrowth: Local, end: Local, volShock: Local, growth: Local, total: Local, table: Local, missed: Local) => {
      const v = writer.vectors(code, 1);
      const [start, count, isHeld, strip, at] = Array.from({ length: 5 }, () => code.local(I32)) as [
        Local,
        Local,
        Local,
        Local,
        Local,
      ];
      const value = code.local(F64);
      const set = (local: Local, write: () => void) => {
        write();
        code.set(local);
      };
      const word = (offset: number) => {
        code.get(table);
        code.at(WORD.load, offset, 2);
      };
      const number = (address: Local, offset = 0) => {
        code.get(address);
        code.at(DOUBLE.load, offset, 3);
      };
      set(start, () => code.get(logGrowth));
      const least = v.load(table, PROXY_HEADER.least);
      const most = v.load(table, PROXY_HEADER.most);
      const parts = v.load(table, PROXY_HEADER.parts);
      forBatches(code, [logGrowth, volShock, growth, total], end, 8, () => {
        set(isHeld, () => code.i32(0));
        const move = v.pairAt(logGrowth, volShock);
        v.allTrue(v.and(v.atLeast(move, least), v.lessThan(move, most)));
        code.when(() => {
          const part = v.truncatedWords(v.mul(v.sub(move, least), parts));
          // The address of the edge at the strip's left, one early: the loop begins with a step.
          set(strip, () => {
            word(PROXY_HEADER.stripAt);
            v.wordOfLane(part, 0);
            code.i32(2);
            code.op(WORD.shiftLeft, WORD.add);
            code.at(WORD.load, 0, 2);
            code.i32(1);
            code.op(WORD.sub);
          });
          code.repeatWhile(() => {
            set(strip, () => {
              code.get(strip);
              code.i32(1);
              code.op(WORD.add);
            });
            number(logGrowth);
            word(PROXY_HEADER.edges);
            code.get(strip);
            code.i32(3);
            code.op(WORD.shiftLeft, WORD.add);
            code.at(DOUBLE.load, 8, 3);
            code.op(DOUBLE.atLeast);
          });
          set(at, () => {
            word(PROXY_HEADER.blocks);
            code.get(strip);
            code.i32(BANDS);
            code.op(WORD.mul);
            v.wordOfLane(part, 1);
            code.op(WORD.add);
            code.i32(PROXY_BLOCK.bytes);
            code.op(WORD.mul, WORD.add);
          });
          const place = v.mul(v.sub(move, v.load(at, PROXY_BLOCK.origin)), v.load(at, PROXY_BLOCK.cells));
          const cell = v.min(v.truncate(place), v.load(at, PROXY_BLOCK.lastCell));
          const within = v.sub(v.mul(v.constant(2), v.sub(place, cell)), v.constant(1));
          const numbers = v.truncatedWords(cell);
          set(at, () => {
            code.get(at);
            code.at(WORD.load, PROXY_BLOCK.coefficients, 2);
            v.wordOfLane(numbers, 0);
            code.get(at);
            code.at(WORD.load, PROXY_BLOCK.columnBytes, 2);
            code.op(WORD.mul, WORD.add);
            v.wordOfLane(numbers, 1);
            code.i32(CELL_BYTES);
            code.op(WORD.mul, WORD.add);
          });
          const a = v.shuffle(within, within, FIRST_TWICE);
          const b = v.shuffle(within, within, SECOND_TWICE);
          const row = 8 * CELL.volShock;
          let low = v.load(at, row * (CELL.logGrowth - 1));
          let high = v.load(at, row * (CELL.logGrowth - 1) + 16);
          for (let power = CELL.logGrowth - 2; power >= 0; power -= 1) {
            low = v.add(v.mul(low, a), v.load(at, row * power));
            high = v.add(v.mul(high, a), v.load(at, row * power + 16));
          }
          const both = v.add(low, v.mul(v.mul(b, b), high));
          set(value, () => {
            v.doubleOfLane(both, 0);
            v.doubleOfLane(b, 0);
            v.doubleOfLane(both, 1);
            code.op(DOUBLE.mul, DOUBLE.add);
          });
          set(isHeld, () => {
            code.get(value);
            code.get(value);
            code.op(DOUBLE.equal);
          });
          code.get(isHeld);
          code.when(() => {
            code.get(total);
            number(total);
            number(table, PROXY_HEADER.units);
            code.get(value);
            number(table, PROXY_HEADER.usdPerMove);
            number(growth);
            v.doubleOfLane(v.constant(1), 0);
            code.op(DOUBLE.sub, DOUBLE.mul, DOUBLE.add, DOUBLE.mul, DOUBLE.add);
            code.at(DOUBLE.store, 0, 3);
          });
        });
        // Written in any case, over the last one that was held: there is no branch to foresee.
        code.get(missed);
        code.get(count);
        code.i32(2);
        code.op(WORD.shiftLeft, WORD.add);
        code.get(logGrowth);
        code.get(start);
        code.op(WORD.sub);
        code.i32(3);
        code.op(WORD.shiftRight);
        code.at(WORD.store, 0, 2);
        set(count, () => {
          code.get(count);
          code.i32(1);
          code.op(WORD.add);
          code.get(isHeld);
          code.op(WORD.sub);
        });
      });
      code.get(count);
    },
  );
}
