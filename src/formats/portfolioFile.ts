import * as z from 'zod/mini';
import { type Failure, failed, type Result, success } from '../engine/domain/failure.ts';
import { parseInstrument } from '../engine/domain/instrument.ts';
import type { CollateralHolding, Leg, Portfolio } from '../engine/domain/portfolio.ts';
import { described, fieldName, firstOf, numberThat, schemaProblems, textThat } from './schemaFailure.ts';
import { excerpt, jsonPointer, parseJsonDocument } from './jsonDocument.ts';
import { schemaNameFailure } from './schemaName.ts';

const PORTFOLIO_SCHEMA = 'headroom/portfolio@1';

export const MAX_LEGS = 5_000;
export const MAX_COLLATERAL_ROWS = 200;
/** Largest quantity, in either direction. */
export const MAX_QUANTITY = 1e9;
/** Longest ticker, leg id or instrument name, in characters. */
export const MAX_TICKER_LENGTH = 64;
const MAX_NAME_LENGTH = 200;
const MAX_PRICE = 1e12;

/** What a portfolio without a name is called. */
export const UNNAMED_PORTFOLIO = 'Untitled portfolio';

/** Ids under this prefix name collateral rows in reports, so a leg cannot have one. */
const RESERVED_ID_PREFIX = 'collateral:';

const ASSET = /^[A-Z][A-Z0-9]{0,15}$/;

const quantity = numberThat('between -1e9 and 1e9', (value) => Math.abs(value) <= MAX_QUANTITY);
const ticker = textThat(
  `a name of 1 to ${MAX_TICKER_LENGTH} characters`,
  (text) => text.trim() !== '' && text.length <= MAX_TICKER_LENGTH,
);

const PositionSchema = z.strictObject({
  id: textThat(
    `a text of 1 to ${MAX_TICKER_LENGTH} characters that does not begin with "${RESERVED_ID_PREFIX}"`,
    (text) => text.trim() !== '' && text.length <= MAX_TICKER_LENGTH && !text.startsWith(RESERVED_ID_PREFIX),
  ),
  instrument: ticker,
  quantity,
  entryPrice: z.optional(numberThat('from 0 to 1e12', (value) => value >= 0 && value <= MAX_PRICE)),
});

const PortfolioSchema = z.strictObject({
  schema: z.literal(PORTFOLIO_SCHEMA),
  name: z.optional(
    textThat(`a text of at most ${MAX_NAME_LENGTH} characters`, (text) => text.length <= MAX_NAME_LENGTH),
  ),
  positions: z.array(PositionSchema),
  collateral: z.optional(z.array(z.strictObject({ asset: ticker, quantity }))),
});

/**
 * The portfolio in a `headroom/portfolio@1` text: all of it, or the first problem with its JSON pointer. A missing `name`
 * reads as "Untitled portfolio" and missing `collateral` as none; everything else is required.
 */
export function parsePortfolioFile(text: string): Result<Portfolio> {
  const document = parseJsonDocument(text);
  return document.ok ? parsePortfolioValue(document.value.value) : document;
}

/** As `parsePortfolioFile`, for JSON already read; `root` is the path of `value` in the document that holds it. */
export function parsePortfolioValue(value: unknown, root: readonly PropertyKey[] = []): Result<Portfolio> {
  const refused = schemaNameFailure(value, PORTFOLIO_SCHEMA, root) ?? sizeFailure(value, root);
  if (refused) return { ok: false, failure: refused };
  const parsed = z.safeParse(PortfolioSchema, value);
  if (!parsed.success) return firstOf(schemaProblems(parsed.error.issues, value, root));

  const problems: Failure[] = [];
  const report = (path: readonly PropertyKey[], message: string): void => {
    problems.push({ code: 'bad-value', message, path: jsonPointer([...root, ...path]) });
  };
  const ids = new Set<string>();
  const legs = parsed.data.positions.map((position, index): Leg => {
    if (ids.has(position.id)) {
      report(['positions', index, 'id'], `The id "${excerpt(position.id)}" is used twice; give each position its own`);
    }
    ids.add(position.id);
    const leg = parseLeg(position);
    if (leg.ok) return leg.value;
    report(['positions', index, leg.failure.path ?? 'instrument'], leg.failure.message);
    return position as Leg;
  });
  const assets = new Set<string>();
  const collateral = (parsed.data.collateral ?? []).map((row, index): CollateralHolding => {
    const asset = parseAsset(row.asset);
    if (!asset.ok) {
      report(['collateral', index, 'asset'], asset.failure.message);
      return row;
    }
    if (assets.has(asset.value)) {
      report(['collateral', index, 'asset'], `${asset.value} is held twice as collateral; put it in one row`);
    }
    assets.add(asset.value);
    return { asset: asset.value, quantity: row.quantity + 0 };
  });
  if (problems.length > 0) return firstOf(problems);
  return success({ name: parsed.data.name ?? UNNAMED_PORTFOLIO, legs, collateral });
}

/** A leg under its canonical instrument name. A failure's `path` is the name of the field at fault. */
export function parseLeg(position: {
  readonly id: string;
  readonly instrument: string;
  readonly quantity: number;
  readonly entryPrice?: number | undefined;
}): Result<Leg> {
  const instrument = parseInstrument(position.instrument);
  if (!instrument.ok) return failed(instrument.failure.code, instrument.failure.message, 'instrument');
  const { name, product } = instrument.value;
  if (position.entryPrice === 0 && product !== 'option') {
    return failed(
      'bad-value',
      `The entry price of ${name} must be above 0; leave it out when it is unknown`,
      'entryPrice',
    );
  }
  // Adding 0 turns -0 into 0, which a file could not tell apart from it.
  const leg = { id: position.id, instrument: name, quantity: position.quantity + 0 };
  return success(position.entryPrice === undefined ? leg : { ...leg, entryPrice: position.entryPrice + 0 });
}

/** An asset's symbol in upper case. */
export function parseAsset(text: string): Result<string> {
  const asset = text.trim().toUpperCase();
  return ASSET.test(asset)
    ? success(asset)
    : failed('bad-value', `"${excerpt(text)}" is not an asset; write its symbol, like USDC or BTC`);
}

/** The canonical `headroom/portfolio@1` text of a portfolio. It parses back to the same portfolio, bit for bit. */
export function portfolioFileText(portfolio: Portfolio): string {
  const { schema, name, positions, collateral } = portfolioFileValue(portfolio);
  const rows = (items: readonly object[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
  return `{
  "schema": ${JSON.stringify(schema)},
  "name": ${JSON.stringify(name)},
  "positions": ${rows(positions)},
  "collateral": ${rows(collateral)}
}
`;
}

/** The JSON value of a portfolio file. */
export function portfolioFileValue(portfolio: Portfolio): {
  readonly schema: string;
  readonly name: string;
  readonly positions: readonly Leg[];
  readonly collateral: readonly CollateralHolding[];
} {
  return {
    schema: PORTFOLIO_SCHEMA,
    name: portfolio.name,
    positions: portfolio.legs.map(({ id, instrument, quantity, entryPrice }) => ({
      id,
      instrument,
      quantity,
      ...(entryPrice === undefined ? {} : { entryPrice }),
    })),
    collateral: portfolio.collateral.map(({ asset, quantity }) => ({ asset, quantity })),
  };
}

/** Lengths are judged before the schema, so that a hostile file is not walked. */
function sizeFailure(value: unknown, root: readonly PropertyKey[]): Failure | null {
  if (typeof value !== 'object' || value === null) return null;
  const limits = [
    ['positions', MAX_LEGS, 'positions'],
    ['collateral', MAX_COLLATERAL_ROWS, 'assets'],
  ] as const;
  for (const [field, limit, noun] of limits) {
    const list = Object.hasOwn(value, field) ? (value as Record<string, unknown>)[field] : undefined;
    if (Array.isArray(list) && list.length > limit) {
      const path = [...root, field];
      return {
        code: 'too-large',
        message: `${fieldName(path)} has ${described(list.length)} ${noun}; at most ${limit} are read. Split the portfolio`,
        path: jsonPointer(path),
      };
    }
  }
  return null;
}
