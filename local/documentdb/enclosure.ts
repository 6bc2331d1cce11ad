/**
 * How programs of another root are run: in mount and process namespaces of their own. The mounts they need (/proc,
 * /dev, a data directory) exist in there only and vanish with the last process, so neither a kill nor a reboot leaves
 * any behind. The first process is number 1 of its namespace: when it dies, for whatever reason, the kernel kills all
 * the others, and it is killed when the process that called us dies.
 */
export type Enclosure = {
  readonly root: string;
  /** Directory shown inside as /mnt. */
  readonly data?: string;
  /** File locked for as long as anything inside lives; the start waits 10 s for it, then exits with LOCK_HELD. */
  readonly lock?: string;
  /** User inside the root, by name; default root. */
  readonly user?: string;
};

/** Exit code of an enclosure whose lock another one holds (EX_TEMPFAIL of sysexits.h). */
export const LOCK_HELD = 75;

/**
 * Runs as root in the new namespaces; its first line out tells its process number as the host sees it, which the
 * program keeps since everything from here on is exec. The caller may have died before its death could be noticed,
 * hence the look at its /proc entry.
 */
const SETUP = `
set -eu
caller=$1 root=$2 data=$3 user=$4; shift 4
[ -d "/proc/$caller" ]
read -r pid rest </proc/self/stat
echo "enclosed $pid"
mount --rbind /dev "$root/dev"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mkdir -m 755 "$root/run/lock"
mkdir -m 700 "$root/run/postgresql"
if [ -n "$data" ]; then mount --bind "$data" "$root/mnt"; fi
mount -t proc proc "$root/proc"
if [ "$user" = root ]; then exec chroot "$root" "$@"; fi
chroot "$root" chown "$user:" /run/postgresql /mnt
exec chroot "$root" setpriv --reuid "$user" --regid "$user" --clear-groups --pdeathsig KILL "$@"
`;

/** The namespaces alone: every process in them dies with the calling process, and their mounts with them. */
const ISOLATED = [
  'setpriv', '--pdeathsig', 'KILL', '--',
  'unshare', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private', '--',
]; // prettier-ignore

/** Command line that runs `command` in namespaces of its own, on the host's own root. Needs root. */
export function isolated(command: readonly string[]): [string, string[]] {
  const [program = 'false', ...args] = [...ISOLATED, ...command];
  return [program, args];
}

/** Command line that runs `command` inside the root; its first line out is `enclosed PID`. Needs root. */
export function enclosed(enclosure: Enclosure, command: readonly string[]): [string, string[]] {
  const { root, data = '', lock, user = 'root' } = enclosure;
  const [program, args] = isolated(['sh', '-c', SETUP, 'sh', `${process.pid}`, root, data, user, ...command]);
  if (lock === undefined) return [program, args];
  return [
    'flock',
    ['--no-fork', '--wait', '10', '--conflict-exit-code', `${LOCK_HELD}`, lock, program, ...args],
  ];
}
