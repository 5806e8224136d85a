/**
 * `risk batch` in Node: accounts margined a second, and what sharing contracts and threads bring.
 * @param {import('../BenchContext.mjs').BenchContext} context
 * @returns {Promise<import('../table.mjs').Section[]>}
 */
export async function batchRows({ books: { demoMarket } }) {
  const { tsImport } = await import('tsx/esm/api');
  /** @type {typeof import('../batchTimings.ts')} */
  const { batchTimings } = await tsImport('../batchTimings.ts', import.meta.url);
  const { accounts, oneWorker, twoWorkers, oneByOne, peakMemoryMb } = await batchTimings(demoMarket().text);
  /** @param {number} rate */
  const aSecond = (rate) => `${rate.toFixed(0)} accounts/s`;
  return [
    {
      title: `risk batch in Node: ${accounts.toLocaleString('en')} accounts of 10 to 40 legs, portfolio margin`,
      rows: [
        { what: 'one thread', value: oneWorker, measured: aSecond(oneWorker) },
        {
          what: 'two threads',
          value: twoWorkers,
          measured: `${aSecond(twoWorkers)}; ${peakMemoryMb.toFixed(0)} MB at most, whole process`,
        },
        { what: 'each account by itself, one thread', value: oneByOne, measured: aSecond(oneByOne) },
      ],
    },
  ];
}
