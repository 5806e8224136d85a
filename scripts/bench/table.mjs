/**
 * One line of the table. `floor` is what must hold, `aim` what is wanted; a row without a floor only informs.
 * @typedef {object} Row
 * @property {string} what
 * @property {string} measured as it is printed
 * @property {number} [value]
 * @property {string} [floor]
 * @property {string} [aim]
 * @property {boolean} [holds]
 * @property {boolean} [reaches] whether the aim is met
 *
 * @typedef {{ title: string, rows: readonly Row[] }} Section
 */

/**
 * A row whose value must not be above its floor.
 * @param {string} what
 * @param {number} value
 * @param {(value: number) => string} written
 * @param {{ floor: number, aim?: number }} bounds
 * @param {string} [beside] what else to say of the measurement
 * @returns {Row}
 */
export function atMost(what, value, written, { floor, aim }, beside = '') {
  return {
    what,
    value,
    measured: `${written(value)}${beside && `; ${beside}`}`,
    floor: `at most ${written(floor)}`,
    holds: value <= floor,
    ...(aim !== undefined && { aim: written(aim), reaches: value <= aim }),
  };
}

/**
 * A row whose value must not be below its floor.
 * @type {typeof atMost}
 */
export function atLeast(what, value, written, { floor, aim }, beside = '') {
  return {
    what,
    value,
    measured: `${written(value)}${beside && `; ${beside}`}`,
    floor: `at least ${written(floor)}`,
    holds: value >= floor,
    ...(aim !== undefined && { aim: written(aim), reaches: value >= aim }),
  };
}

/** @param {number} value */
export function milliseconds(value) {
  return value < 1 ? `${(1000 * value).toFixed(0)} us` : `${value < 10 ? value.toFixed(2) : value.toFixed(1)} ms`;
}

/** @param {number} value */
export function times(value) {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(1)} x`;
}

/** @param {number} value */
export function exponential(value) {
  return value.toExponential(1);
}

/**
 * The table as lines of text.
 * @param {readonly Section[]} sections
 */
export function tableText(sections) {
  const rows = sections.flatMap(({ rows }) => rows);
  /** @param {(row: Row) => string} of */
  const width = (of) => Math.max(...rows.map((row) => of(row).length));
  const whats = width(({ what }) => what);
  const measured = width((row) => row.measured);
  const floors = width(({ floor = '' }) => floor);
  const aims = width(({ aim = '' }) => aim);
  return sections
    .map(({ title, rows }) =>
      [
        title,
        ...rows.map((row) =>
          [
            `  ${row.what.padEnd(whats)}`,
            row.measured.padEnd(measured),
            (row.floor ?? '').padEnd(floors),
            (row.aim === undefined ? '' : `aim ${row.aim}`).padEnd(aims + 4),
            verdict(row),
          ]
            .join('  ')
            .trimEnd(),
        ),
      ].join('\n'),
    )
    .join('\n\n');
}

/** @param {Row} row */
function verdict({ holds, reaches }) {
  if (holds === false) return 'MISSED';
  if (holds === undefined) return reaches === true ? 'aim met' : '';
  return reaches === true ? 'aim met' : 'ok';
}

/** @param {readonly Section[]} sections */
export function missedRows(sections) {
  return sections.flatMap(({ rows }) => rows).filter(({ holds }) => holds === false);
}
