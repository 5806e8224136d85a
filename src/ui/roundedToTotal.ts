/**
 * The rows of a sum as they are shown: each within one unit of its value in the last place, and together exactly the
 * rounded total. Largest-remainder rounding: every row is rounded down, and the units still missing go to the rows that
 * lost most. `total` defaults to the sum of the values; `digits` counts decimals. Values and total must be finite.
 */
export function roundedToTotal(
  values: readonly number[],
  digits: number,
  total: number = values.reduce((sum, value) => sum + value, 0),
): { readonly rows: readonly number[]; readonly total: number } {
  const scale = 10 ** digits;
  const target = Math.round(total * scale);
  const floors = values.map((value) => Math.floor(value * scale));
  let missing = target - floors.reduce((sum, floor) => sum + floor, 0);
  const byRemainder = values
    .map((value, at) => ({ at, remainder: value * scale - floors[at]! }))
    .sort((one, other) => other.remainder - one.remainder || one.at - other.at);
  const units = [...floors];
  // A total that is not the rows' own sum may miss by more than one unit a row, so the round is walked as often as needed.
  for (let turn = 0; missing !== 0 && units.length > 0; turn += 1) {
    const { at } = missing > 0 ? byRemainder[turn % units.length]! : byRemainder.at(-1 - (turn % units.length))!;
    const share = Math.sign(missing) * Math.max(1, Math.floor(Math.abs(missing) / units.length));
    units[at]! += share;
    missing -= share;
  }
  return { rows: units.map((unit) => unit / scale + 0), total: target / scale + 0 };
}
