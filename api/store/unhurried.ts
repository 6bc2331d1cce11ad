/**
 * For a call that may stay silent longer than others: the driver passes it on to the socket, though its types do not name
 * it. ms, 0 for as long as it takes.
 */
export interface Unhurried {
  readonly socketTimeoutMS: number;
}
