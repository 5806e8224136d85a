const formats = new Map<string, Intl.NumberFormat>();

/** A locale's way to write numbers with at most so many decimals, kept: making one costs a hundred times what using it does. */
export function numberFormat(locale: string | undefined, maximumFractionDigits: number): Intl.NumberFormat {
  const key = `${locale ?? ''} ${maximumFractionDigits}`;
  let format = formats.get(key);
  if (format === undefined) {
    format = new Intl.NumberFormat(locale, { maximumFractionDigits });
    formats.set(key, format);
  }
  return format;
}
