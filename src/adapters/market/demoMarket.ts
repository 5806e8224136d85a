import { marketFileText } from '../../formats/marketFile.ts';
import { simulatedMarket } from './simulatedMarket.ts';

/** A Friday, just after the day's expiry. */
const DEMO_AS_OF = Date.UTC(2026, 10, 20, 8);
/** Two ordinary years: one shared crash, vol that clusters, prices that neither vanish nor explode. */
const DEMO_SEED = 466;

/** The text of public/demo/market.json: a `headroom/market@1` on one line, since it is fetched before the first figure shows. */
export function demoMarketText(): string {
  return `${JSON.stringify(JSON.parse(marketFileText(simulatedMarket(DEMO_SEED, DEMO_AS_OF))))}\n`;
}
