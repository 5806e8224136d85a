/** Whether measured errors, by name, are as a rule wants them beside the reference's. */
export type RuleJudge = (
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
) => boolean;

/** Closed forms among the outputs are figures, not measurements. */
const CLOSED_FORM_ERROR = 1e-9;

/**
 * The judge of a rule on measured Monte Carlo errors, or nothing if the text is not one of its sentences, joined by
 * semicolons:
 *
 * - `pseudo-random RMSE within a factor f of theory`
 * - `scrambled Sobol no worse than fx the measured figure`
 * - `within a factor f of the measured figure`, of every measured error
 *
 * A factor holds both ways: an error too small is as suspicious as one too large. What is not a measured error has to
 * be right to 1e-9.
 */
export function convergenceRule(rule: unknown): RuleJudge | undefined {
  if (typeof rule !== 'string') return undefined;
  const judges = rule.split(';').map((sentence) => sentenceJudge(sentence.trim()));
  if (!judges.every((judge) => judge !== undefined)) return undefined;
  return (actual, expected) => closedFormsAgree(actual, expected) && judges.every((judge) => judge(actual, expected));
}

function sentenceJudge(sentence: string): RuleJudge | undefined {
  const theory = factorIn(/^pseudo-random RMSE within a factor ([\d.]+) of theory$/, sentence);
  if (theory !== undefined) {
    return (actual, expected) => isWithinFactor(actual.measured_rmse_mc, expected.theory_rmse_mc, theory);
  }
  const sobol = factorIn(/^scrambled Sobol no worse than ([\d.]+)x the measured figure$/, sentence);
  if (sobol !== undefined) {
    return (actual, expected) =>
      Number(actual.measured_rmse_scrambled_sobol) <= sobol * Number(expected.measured_rmse_scrambled_sobol);
  }
  const measured = factorIn(/^within a factor ([\d.]+) of the measured figure$/, sentence);
  if (measured === undefined) return undefined;
  return (actual, expected) =>
    Object.keys(expected).every((name) => !isMeasured(name) || isWithinFactor(actual[name], expected[name], measured));
}

function factorIn(pattern: RegExp, sentence: string): number | undefined {
  const factor = pattern.exec(sentence)?.[1];
  return factor === undefined ? undefined : Number(factor);
}

/** An error over replicates; what theory says of one is a closed form. */
function isMeasured(name: string): boolean {
  return name.includes('rmse') && !name.startsWith('theory');
}

function closedFormsAgree(
  actual: Readonly<Record<string, number>>,
  expected: Readonly<Record<string, number>>,
): boolean {
  return Object.entries(expected).every(
    ([name, figure]) =>
      isMeasured(name) || Math.abs(Number(actual[name]) - figure) <= CLOSED_FORM_ERROR * Math.abs(figure),
  );
}

function isWithinFactor(actual: number | undefined, expected: number | undefined, factor: number): boolean {
  const ratio = Number(actual) / Number(expected);
  return ratio <= factor && ratio >= 1 / factor;
}
