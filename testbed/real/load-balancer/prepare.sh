#!/bin/bash
# Turns the root file system of Debian in $1 into that of a load balancer.
set -eu
root=$1
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$root/usr/local/etc/haproxy"
install -m 0644 "$here"/{haproxy,limits}.cfg "$root/usr/local/etc/haproxy/"
cat >"$root/usr/local/sbin/haproxy" <<'SCRIPT'
#!/bin/sh
exec /usr/sbin/haproxy "$@" -f /usr/local/etc/haproxy/limits.cfg
SCRIPT
chmod 755 "$root/usr/local/sbin/haproxy"
rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/var/log/* \
  "$root"/usr/share/{doc,man,locale}/*
