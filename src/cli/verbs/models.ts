import { marginModels } from '../../engine/margin/marginModels.ts';
import { jsonText } from '../jsonText.ts';
import type { Verb } from '../Verb.ts';

export const models: Verb = {
  usage: '',
  help: `
Answer: a list; each model has id, title, venue, source (where the rule is written down), parameters (JSON Schema of what
risk margin --parameters takes; each with title, unit as x-unit, bounds, description, and x-source and x-date where they are
not the model's), defaults{} and defaultsDate.`,
  options: {},
  async run(_options, io) {
    io.write(
      jsonText(
        marginModels.map(({ id, title, venue, source, parametersDate, parameters }) => ({
          id,
          title,
          venue,
          source,
          parameters: {
            $schema: 'https://json-schema.org/draft/2020-12/schema',
            type: 'object',
            additionalProperties: false,
            properties: Object.fromEntries(
              parameters.map(({ key, label, unit, initial, min, max, description, source: readIn, date }) => [
                key,
                {
                  type: 'number',
                  title: label,
                  'x-unit': unit,
                  default: initial,
                  minimum: min,
                  maximum: max,
                  description,
                  ...(readIn === undefined ? {} : { 'x-source': readIn }),
                  ...(date === undefined ? {} : { 'x-date': date }),
                },
              ]),
            ),
          },
          defaults: Object.fromEntries(parameters.map(({ key, initial }) => [key, initial])),
          defaultsDate: parametersDate,
        })),
      ),
    );
  },
};
