/** Numbers of a venue's rule as the venue had them on a day. They change without notice: show the day with them. */
export interface VenueParameters<Values> {
  /** What the numbers belong to: `BTC, coin pool`. */
  readonly scope: string;
  /** The day or month on which they were in force, ISO. */
  readonly date: string;
  /** Where they were read. */
  readonly source: string;
  /** Unit of each number. */
  readonly units: { readonly [Key in keyof Values]: string };
  readonly values: Values;
}
