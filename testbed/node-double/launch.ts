import type { User } from './user.ts';
import type { Bind } from './volumes.ts';

/** Launch is everything that one container needs to start. */
export interface Launch {
  /** Folder that becomes its root; made by the double, empty. */
  readonly root: string;
  readonly hostname: string;
  /** Process that holds its network namespace; undefined for the site's own. */
  readonly holder: number | undefined;
  readonly binds: readonly Bind[];
  /** Undefined: as the double itself. */
  readonly user: User | undefined;
  readonly workingDir: string;
  readonly argv: readonly string[];
}

/**
 * Makes the root of a container and becomes its program. Arguments: root, host name, user, working
 * folder, then for each bind its source, target and `ro` or `rw`, then `--` and the command.
 * A mount flag that a user namespace may not change (locked) is left as it is. The kernel forgets
 * the death signal of `--kill-child` with the change of user, so it is set once more after it.
 */
const ROOT = String.raw`set -e
R=$1 NAME=$2 AS=$3 WD=$4; shift 4
mount -t tmpfs -o size=256m,mode=755 tmpfs "$R"
for d in bin sbin lib lib64 usr; do
  if [ -L /$d ]; then cp -P /$d "$R/$d"
  elif [ -d /$d ]; then mkdir "$R/$d"; mount --rbind -o ro /$d "$R/$d" || mount --rbind /$d "$R/$d"
  fi
done
mkdir -p "$R/proc" "$R/dev" "$R/etc" "$R/tmp" "$R/var/run"
chmod 1777 "$R/tmp"
mount -t proc proc "$R/proc"
mount --rbind /dev "$R/dev"
if [ -d /etc/ssl ]; then mkdir "$R/etc/ssl"; mount --rbind /etc/ssl "$R/etc/ssl"; fi
echo root:x:0:0::/:/bin/sh > "$R/etc/passwd"
echo root:x:0: > "$R/etc/group"
echo hosts: files > "$R/etc/nsswitch.conf"
echo "$NAME" > "$R/etc/hostname"
hostname "$NAME" 2> /dev/null || true
while [ "$1" != -- ]; do
  if [ -d "$1" ]; then mkdir -p "$R$2"; else mkdir -p "$(dirname "$R$2")"; touch "$R$2"; fi
  if [ "$3" = ro ]; then mount --bind -o ro "$1" "$R$2" || mount --bind "$1" "$R$2"
  else mount --bind "$1" "$R$2"; fi
  shift 3
done
shift
mkdir -p "$R$WD"
cd /
exec chroot $AS "$R" /bin/sh -c 'cd "$0" && exec setpriv --pdeathsig KILL -- "$@"' "$WD" "$@"`;

/** The host's command line that runs the container in namespaces of its own. */
export function commandOf(launch: Launch): readonly string[] {
  const { root, hostname, holder, binds, user, workingDir, argv } = launch;
  const as = user === undefined ? '' : `--userspec=${user.uid}:${user.gid}`;
  const mounts = binds.flatMap((bind) => [bind.source, bind.target, bind.readOnly ? 'ro' : 'rw']);
  const ownNetwork = holder === undefined ? [] : ['nsenter', '-t', String(holder), '--net'];
  const namespaces = ['--mount', '--pid', '--uts', '--propagation', 'private'];
  return ['setpriv', '--pdeathsig', 'KILL'].concat(
    ownNetwork,
    ['unshare', '--fork', '--kill-child', ...namespaces, 'sh', '-c', ROOT, 'sh'],
    [root, hostname, as, workingDir, ...mounts, '--', ...argv],
  );
}
