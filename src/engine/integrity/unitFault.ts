/** A ratio this near to that of two units is the wrong unit rather than a move. */
const NEAR = 0.15;

/**
 * In which unit a price seems to be instead of USD, told by its ratio to a model price; null when none fits.
 *
 * @param model what the price ought to be, USD.
 * @param index USD per coin.
 */
export function priceUnitFault(price: number, model: number, index: number): string | null {
  const ratio = price / model;
  if (isNear(ratio, 1 / index)) return 'it looks like coin, not USD';
  if (isNear(ratio, index)) return 'it looks like USD turned into USD twice';
  if (isNear(ratio, 100)) return 'it looks like cents';
  return null;
}

/** The same of a vol, against the last vol of its option. */
export function volUnitFault(vol: number, known: number): string | null {
  const ratio = vol / known;
  if (isNear(ratio, 100)) return 'it looks like percent';
  if (isNear(ratio, 0.01)) return 'it looks like a hundredth of a decimal';
  return null;
}

function isNear(ratio: number, unit: number): boolean {
  return Math.abs(Math.log(ratio / unit)) < NEAR;
}
