import { type Instrument, parseInstrument, usualSettlement } from '../../../engine/domain/instrument.ts';
import { fieldsOf } from './foreignValue.ts';

/** A contract that the venue lists, and the index it is settled on. */
export interface ListedContract {
  readonly instrument: Instrument;
  /** The venue's own name, which differs from ours in nothing but what a name may hold. */
  readonly name: string;
  readonly indexName: string;
}

const INDEX_NAME = /^[a-z0-9]{1,16}_[a-z0-9]{1,16}$/;

/** States in which a contract has ceased to be. */
export const ENDED_STATES: ReadonlySet<unknown> = new Set(['settlement', 'delivered', 'archivized']);

/**
 * A contract of get_instruments or of the channel of new ones; null for what this market does not hold: spot, combos, contracts
 * that have ended, and those that settle otherwise than is usual for their coin (BTC and ETH in coin, every other in USDC),
 * since a market has one smile a coin.
 */
export function parseListedContract(value: unknown): ListedContract | null {
  const fields = fieldsOf(value);
  if (fields === null || typeof fields.instrument_name !== 'string') return null;
  const { instrument_name: name, price_index: indexName } = fields;
  if ((fields.kind !== 'option' && fields.kind !== 'future') || ENDED_STATES.has(fields.state)) return null;
  const instrument = marketInstrument(name);
  if (instrument === null || typeof indexName !== 'string' || !INDEX_NAME.test(indexName)) return null;
  return { instrument, name, indexName };
}

/** The instrument of a venue's name, if it is one that this market holds. */
export function marketInstrument(name: string): Instrument | null {
  const parsed = parseInstrument(name);
  return parsed.ok && parsed.value.settlement === usualSettlement(parsed.value.underlying) ? parsed.value : null;
}
