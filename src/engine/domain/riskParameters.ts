/** One number of a margin rule, declared so that it can be shown, edited, checked and searched. */
export interface ParameterSpec {
  readonly key: string;
  readonly label: string;
  /** `fraction`, `USD`, `days`, `exponent`, ... */
  readonly unit: string;
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** One sentence: what it does, and where the default comes from. */
  readonly description: string;
  /** Where this default was read and of what day, where it is not the model's own `source` and `parametersDate`. */
  readonly source?: string;
  readonly date?: string;
}

/** Values by key. A missing key means the declared initial value. */
export type ParameterSet = Readonly<Record<string, number>>;

/** Branded so that a new model does not have to join a union. */
export type MarginModelId = string & { readonly __marginModelId?: true };

export interface MarginModelDescription {
  readonly id: MarginModelId;
  readonly title: string;
  readonly venue: string;
  /** Where the rule is written down. */
  readonly source: string;
  /** Date of the default parameters, ISO. */
  readonly parametersDate: string;
  readonly parameters: readonly ParameterSpec[];
}
