import { LIMITS } from './protocol.ts';

/** Whether others hear there who has received and read what: in rooms small enough for all to be told. */
export const hasReceipts = ({ members }: { readonly members: number }): boolean =>
  members <= LIMITS.receiptMembers;
