import { atLeast, atMost, milliseconds, times } from '../table.mjs';

/**
 * The engine in Node: unit P&L and what an edit leaves of it, reports, rulebooks, the surface.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function engineRows({ engine: { engineTimings } }) {
  const engine = await engineTimings();
  const ms = milliseconds;
  return [
    {
      title: 'Engine in Node: 64 legs, 20,000 scenarios, plain TypeScript',
      rows: [
        {
          what: 'reprice everything',
          measured: `${ms(engine.repricingMs)}, ${engine.nanosecondsPerOption.toFixed(1)} ns an option`,
        },
        { what: 'portfolio P&L after a quantity change', measured: ms(engine.quantityChangeMs) },
        atLeast('  everything over it', engine.ratio, times, { floor: 20 }),
      ],
    },
    {
      title: 'Engine in Node: a 40-leg book',
      rows: [
        {
          what: 'report after a quantity change, median; p95',
          measured: `${ms(engine.evaluateMs.median)}; ${ms(engine.evaluateMs.p95)}`,
        },
        atMost(`all ${engine.rulebooksMs.count} rulebooks: first answer`, engine.rulebooksMs.first, ms, {
          floor: 1000,
        }),
        { what: '  after a quantity change, median', measured: ms(engine.rulebooksMs.median) },
      ],
    },
    {
      title: `Engine in Node: vol surface of a chain of ${engine.surface.quotes} quotes`,
      rows: [
        atMost('fit, median', engine.surface.fitMs, ms, { floor: 50 }),
        { what: 'repair of its arbitrage, median', measured: ms(engine.surface.repairMs) },
      ],
    },
  ];
}
