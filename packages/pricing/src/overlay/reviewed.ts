/** What every row of the overlay says of itself: a person has read the source and found the reason in it. */
export interface Reviewed {
  readonly reason: string;
  /** A public page, the provider's own wherever there is one. */
  readonly source: string;
}
