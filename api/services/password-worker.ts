/** Runs in a worker thread: bcrypt costs hundreds of milliseconds of pure computation. */
import bcrypt from 'bcryptjs';

export type PasswordTask =
  | { readonly op: 'hash'; readonly password: string; readonly cost: number }
  | { readonly op: 'compare'; readonly password: string; readonly hash: string };

/** The hash, or whether the password fits. */
export default function run(task: PasswordTask): string | boolean {
  return task.op === 'hash'
    ? bcrypt.hashSync(task.password, task.cost)
    : bcrypt.compareSync(task.password, task.hash);
}
