/** `61,706` */
export function grouped(count: number): string {
  if (count >= Number.MAX_SAFE_INTEGER) return 'more than 9,007,199,254,740,990';
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}

/** `241 KB`, `1.2 GB`: powers of 1000, as file managers count. */
export function byteSize(bytes: number): string {
  if (bytes >= Number.MAX_SAFE_INTEGER) return 'more than 9 PB';
  return scaled(bytes, ['bytes', 'KB', 'MB', 'GB', 'TB', 'PB']);
}

/** `850`, `1.2 M`: powers of 1000. */
export function shortNumber(count: number): string {
  return scaled(count, ['', 'K', 'M', 'G', 'T', 'P']).trimEnd();
}

/** A formula of bytes with the unit of each term: `138802*N + 128*T` as `139 KB*N + 128 B*T`. */
export function byteFormula(formula: string): string {
  return withAmounts(formula, (bytes) => byteSize(bytes).replace(/bytes$/, 'B'), '1 B*');
}

/** A formula with short coefficients: `6979338*N + T` as `7.0 M*N + T`. */
export function shortFormula(formula: string): string {
  return withAmounts(formula, shortNumber, '');
}

function scaled(amount: number, units: readonly string[]): string {
  let value = amount;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit > 0 && value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Writes the coefficient of each term of a sum as an amount, and `one` before a term that has none. */
function withAmounts(formula: string, amount: (coefficient: number) => string, one: string): string {
  return sumParts(formula)
    .map((part) => (part === ' + ' || part === ' - ' ? part : termWith(part, amount, one)))
    .join('');
}

function termWith(term: string, amount: (coefficient: number) => string, one: string): string {
  const sign = term.startsWith('-') ? '-' : '';
  const size = term.slice(sign.length);
  const isQuotient = / (?:\/\/|%) /.test(withoutParentheses(size));
  const [, digits, factors = ''] = isQuotient ? [] : (/^(\d+)(\*.+)?$/.exec(size) ?? []);
  if (digits !== undefined) return `${sign}${amount(Number(digits))}${factors}`;
  return one === '' ? term : `${sign}${one}${isQuotient ? `(${size})` : size}`;
}

/** The terms of a sum, and the signs between them. */
function sumParts(formula: string): readonly string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let at = 0; at < formula.length; at++) {
    if (formula[at] === '(') depth++;
    else if (formula[at] === ')') depth--;
    else if (depth === 0 && (formula.startsWith(' + ', at) || formula.startsWith(' - ', at))) {
      parts.push(formula.slice(from, at), formula.slice(at, at + 3));
      from = at + 3;
    }
  }
  return [...parts, formula.slice(from)];
}

function withoutParentheses(text: string): string {
  const outer = text.replaceAll(/\([^()]*\)/g, '');
  return outer === text ? text : withoutParentheses(outer);
}
