import { impliedVolatilities } from '../../engine/pricing/impliedVolatility.ts';
import { jsonText } from '../jsonText.ts';
import { readCases } from '../pricingCases.ts';
import type { Verb } from '../Verb.ts';

export const impliedVolatilityVerb: Verb = {
  usage: '--cases F',
  help: `
  --cases F   JSON list of {type, forward, strike, timeToExpiryYears, price, discount}; type is C or P, price in the unit of
              the forward, discount 1 when absent

Answer: a list in the same order: each a volatility (decimal per year), or {"failure": {"code", "message", "path"}} where no
volatility gives that price.`,
  options: { cases: { type: 'string' } },
  async run(options, io) {
    const cases = await readCases(options, io, 'price');
    const { volatility, refusals } = impliedVolatilities({
      sign: cases.map(({ type }) => (type === 'C' ? 1 : -1)),
      forward: cases.map(({ forward }) => forward),
      strike: cases.map(({ strike }) => strike),
      timeToExpiryYears: cases.map(({ timeToExpiryYears }) => timeToExpiryYears),
      price: cases.map(({ given }) => given),
      discount: cases.map(({ discount }) => discount),
    });
    io.write(
      jsonText(
        Array.from(volatility, (vol, index) => {
          const failure = refusals.get(index);
          return failure === undefined ? vol : { failure: { ...failure, path: `/${index}/price` } };
        }),
      ),
    );
  },
};
