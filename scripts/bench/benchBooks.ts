import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Instrument, listedOption } from '../../src/engine/domain/instrument.ts';
import type { MarketSnapshot } from '../../src/engine/domain/marketSnapshot.ts';
import type { Portfolio } from '../../src/engine/domain/portfolio.ts';
import { parseMarketFile } from '../../src/formats/marketFile.ts';
import { shareLinkCode } from '../../src/formats/shareLink.ts';
import { projectFolder } from '../projectFolder.mjs';

export interface DemoMarket {
  readonly text: string;
  readonly snapshot: MarketSnapshot;
}

export function demoMarket(): DemoMarket {
  const text = readFileSync(path.join(projectFolder, 'public/demo/market.json'), 'utf8');
  const parsed = parseMarketFile(text);
  if (!parsed.ok) throw new Error(parsed.failure.message);
  return { text, snapshot: parsed.value };
}

/** Options spread over coins, expiries and strikes, all quoted. */
export function quotedOptions({ underlyings }: MarketSnapshot, count: number): Instrument[] {
  const all = underlyings.flatMap(({ symbol, expiries }) =>
    expiries.flatMap(({ expiry, quotes }) =>
      quotes
        .filter(({ markIv }) => markIv !== undefined)
        .map(({ strike, type }) => listedOption({ underlying: symbol, expiry }, strike, type)),
    ),
  );
  if (all.length < count) throw new Error(`The market quotes ${all.length} options; ${count} are needed.`);
  return Array.from({ length: count }, (_, n) => all[Math.floor(((n + 0.5) * all.length) / count)]!);
}

/** Quoted options, bought and sold in turn; one quantity changes with each edit. */
export function quotedBook(snapshot: MarketSnapshot, legs: number, edit: number): Portfolio {
  return bookOf(quotedOptions(snapshot, legs), edit);
}

/** Any number of options over all coins and expiries, at strikes between the quoted ones. */
export function spreadBook({ underlyings }: MarketSnapshot, legs: number): Portfolio {
  const expiries = underlyings.flatMap(({ symbol, expiries }) =>
    expiries.slice(2).map(({ expiry, forward }) => ({ underlying: symbol, expiry, forward })),
  );
  const options = Array.from({ length: legs }, (_, leg) => {
    const { forward, ...listed } = expiries[leg % expiries.length]!;
    const round = Math.floor(leg / expiries.length);
    const share = ((round + 0.5) * expiries.length) / legs;
    // Four digits of a strike are as many as a venue uses.
    const strike = Number((forward * (0.8 + 0.45 * share)).toPrecision(4));
    return listedOption(listed, strike, leg % 3 === 0 ? 'P' : 'C');
  });
  return bookOf(options, 0);
}

/** A book of forty legs as the code of a share link. */
export async function fortyLegsLink(): Promise<{ code: string; legs: number }> {
  const legs = 40;
  return { code: await shareLinkCode({ portfolio: quotedBook(demoMarket().snapshot, legs, 0) }), legs };
}

function bookOf(options: readonly Instrument[], edit: number): Portfolio {
  return {
    name: `${options.length} legs`,
    legs: options.map(({ name }, row) => ({
      id: `l${row + 1}`,
      instrument: name,
      quantity: (row % 2 === 0 ? 1 : -1) * (1 + (row === edit % options.length ? edit : 0)),
    })),
    collateral: [{ asset: 'USDC', quantity: 1_000_000 }],
  };
}
