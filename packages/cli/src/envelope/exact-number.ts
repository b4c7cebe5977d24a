/**
 * A number kept as its digits, since a double may not hold it: money, and whole numbers beyond 2^53.
 *
 * JSON has no limit to the digits of a number, so that it is written as a number and loses nothing.
 */
export class ExactNumber {
  /** Decimal digits with sign and point, no exponent, no zeros at the end of a fraction: "-0.0012". */
  readonly text: string;

  constructor(digits: string) {
    this.text = digits.includes(".") ? digits.replace(/\.?0+$/, "") : digits;
  }

  toString(): string {
    return this.text;
  }
}
