import { black76Price } from '../../engine/pricing/black76.ts';
import { jsonText } from '../jsonText.ts';
import { readCases } from '../pricingCases.ts';
import type { Verb } from '../Verb.ts';

export const price: Verb = {
  usage: '--cases F',
  help: `
  --cases F   JSON list of {type, forward, strike, timeToExpiryYears, volatility, discount}; type is C or P, volatility a
              decimal per year, discount 1 when absent

Answer: a list of prices in the same order, in the unit of the forward, discounted.`,
  options: { cases: { type: 'string' } },
  async run(options, io) {
    const cases = await readCases(options, io, 'volatility');
    io.write(
      jsonText(
        cases.map(({ type, forward, strike, timeToExpiryYears, given, discount }) =>
          black76Price(type, forward, strike, timeToExpiryYears, given, discount),
        ),
      ),
    );
  },
};
