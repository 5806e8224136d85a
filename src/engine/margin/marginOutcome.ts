import { failureOf } from '../domain/failure.ts';
import type { ParameterSet } from '../domain/riskParameters.ts';
import type { MarginOutcome } from '../domain/riskReport.ts';
import type { MarginBook, MarginModel } from './MarginModel.ts';

/** One rulebook's answer for a book; a rule that cannot take the book answers with the reason instead of a number. */
export function marginOutcome(model: MarginModel, parameters: ParameterSet, book: MarginBook): MarginOutcome {
  const { id, title } = model;
  try {
    const { backing, components, ...requirement } = model.requirement(book, parameters);
    const equityUsd = backing?.equityUsd ?? book.equityUsd;
    return {
      id,
      title,
      ...requirement,
      components: components.map(({ name, usd }) => ({ name, usd })),
      equityUsd,
      ...(backing ? { equityBasis: backing.basis } : {}),
      availableUsd: equityUsd - requirement.initialMarginUsd,
      marginRatio: equityUsd > 0 ? requirement.maintenanceMarginUsd / equityUsd : null,
    };
  } catch (error) {
    return { id, title, unsupported: failureOf(error) };
  }
}
