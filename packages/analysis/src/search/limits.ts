/** What is worth telling a reader. */
export interface Limits {
  /** A smaller change, as a share of the expected bill, is not told; for users, who vary more, another. */
  readonly leastShare: number;
  readonly leastPersonalShare: number;
  readonly mostFindings: number;
}

/** Of money: what is a smaller part of the bill nobody misses, and nobody reads of more. */
export const ofMoney: Limits = { leastShare: 0.03, leastPersonalShare: 0.04, mostFindings: 5 };
