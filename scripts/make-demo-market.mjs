/**
 * Writes public/demo/market.json, the market that the page opens on without network or file. Simulated: no observed data
 * is in it. Run with `npx tsx scripts/make-demo-market.mjs` after a change of the simulator.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { demoMarketText } from '../src/adapters/market/demoMarket.ts';

const folder = new URL('../public/demo/', import.meta.url);
mkdirSync(folder, { recursive: true });
const text = demoMarketText();
writeFileSync(new URL('market.json', folder), text);
console.log(`public/demo/market.json: ${text.length} bytes`);
