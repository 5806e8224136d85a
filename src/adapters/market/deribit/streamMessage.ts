import type { Timestamp } from '../../../engine/domain/units.ts';
import { parseTicker } from './contractReading.ts';
import type { DeribitMarket } from './DeribitMarket.ts';
import { fieldsOf, instantIn, priceIn } from './foreignValue.ts';
import { USDC_INDEX } from './marketLoad.ts';
import { ENDED_STATES, parseListedContract } from './parseListing.ts';

/** What a message of the stream did. */
export interface StreamEffect {
  /** Whether something in it could not be taken. */
  readonly isRefused: boolean;
  /** The venue's time of the prices that it brought; null when it brought none. */
  readonly pricesAt: Timestamp | null;
  /** It names an option that is not listed here: the listing is older than the stream. */
  readonly hasUnknown: boolean;
  readonly isListingMoved: boolean;
}

const NOTHING: StreamEffect = { isRefused: false, pricesAt: null, hasUnknown: false, isListingMoved: false };
const REFUSED: StreamEffect = { ...NOTHING, isRefused: true };

/** Applies a notification to the market. What it holds that cannot be read, or belongs to another channel, is left out. */
export function applyNotification(
  market: DeribitMarket,
  channel: string,
  data: unknown,
  venueNow: Timestamp,
): StreamEffect {
  const [topic, subject = ''] = channel.split('.');
  switch (topic) {
    case 'deribit_price_index':
      return applyIndex(market, subject, data, venueNow);
    case 'markprice':
      return applyMarks(market, channel.split('.')[2] ?? '', data, venueNow);
    case 'ticker': {
      const reading = parseTicker(data);
      if (reading === null || reading.name !== subject) return REFUSED;
      if (!market.applyReading(reading, venueNow)) return { ...REFUSED, hasUnknown: true };
      return { ...NOTHING, pricesAt: reading.at };
    }
    case 'instrument':
      return subject === 'creation' ? applyCreation(market, data) : applyState(market, data);
    default:
      return REFUSED;
  }
}

function applyIndex(market: DeribitMarket, name: string, data: unknown, venueNow: Timestamp): StreamEffect {
  const fields = fieldsOf(data);
  const at = instantIn(fields?.timestamp);
  const price = priceIn(fields?.price);
  if (at === undefined || price === undefined || fields?.index_name !== name) return REFUSED;
  if (name === USDC_INDEX) market.applyUsdcPrice(price, at, venueNow);
  else if (!market.applyIndex(name, price, at, venueNow)) return REFUSED;
  return { ...NOTHING, pricesAt: at };
}

function applyMarks(market: DeribitMarket, indexName: string, data: unknown, venueNow: Timestamp): StreamEffect {
  if (!Array.isArray(data)) return REFUSED;
  const { refused, unknown, latest } = market.applyMarks(data, indexName, venueNow);
  return { ...NOTHING, isRefused: refused > 0, pricesAt: latest, hasUnknown: unknown > 0 };
}

function applyCreation(market: DeribitMarket, data: unknown): StreamEffect {
  const contract = parseListedContract(data);
  // Most new contracts are none of this market: combos, linear ones of BTC.
  if (contract === null) return { ...NOTHING, isRefused: fieldsOf(data) === null };
  market.join(contract);
  return { ...NOTHING, isListingMoved: true };
}

function applyState(market: DeribitMarket, data: unknown): StreamEffect {
  const fields = fieldsOf(data);
  if (typeof fields?.instrument_name !== 'string') return REFUSED;
  if (!ENDED_STATES.has(fields.state) || !market.has(fields.instrument_name)) return NOTHING;
  market.delist(fields.instrument_name);
  return { ...NOTHING, isListingMoved: true };
}
