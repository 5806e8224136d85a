import type { MarginModelDescription, ParameterSpec } from '../../engine/domain/riskParameters.ts';
import type { SelectGroup } from '../../ui/SelectField.tsx';

/** Rulebooks by venue, each venue where its first rulebook stands in the list. */
export function venueGroups(models: readonly MarginModelDescription[]): SelectGroup<string>[] {
  const venues = [...new Set(models.map(({ venue }) => venue))];
  return venues.map((venue) => ({
    label: venue,
    options: models.filter((model) => model.venue === venue).map(({ id, title }) => ({ value: id, label: title })),
  }));
}

/** Parameters in which every word of a search occurs: in their name, unit, description or source. */
export function foundParameters(specs: readonly ParameterSpec[], search: string): readonly ParameterSpec[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return specs;
  return specs.filter(({ key, label, unit, description, source = '' }) => {
    const text = `${key} ${label} ${unit} ${description} ${source}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}

/** Where a number was read and of what day, where that is not what the rulebook says of itself; null where it is. */
export function parameterOrigin({ source, date }: ParameterSpec): string | null {
  if (source === undefined) return date === undefined ? null : `Of ${date}.`;
  return `Source: ${source}${date === undefined ? '' : `, ${date}`}.`;
}
