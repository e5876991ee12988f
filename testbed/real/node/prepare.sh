#!/bin/bash
# Turns the root file system of Debian in $1 into that of a node, with systemd as PID 1 of a container.
set -eu
root=$1
here=$(cd "$(dirname "$0")" && pwd)

# Units that want a real machine.
rm -f "$root"/lib/systemd/system/sysinit.target.wants/systemd-tmpfiles-setup.service \
  "$root"/lib/systemd/system/{multi-user,local-fs,basic}.target.wants/* \
  "$root"/lib/systemd/system/sockets.target.wants/*{udev,initctl}* \
  "$root"/etc/systemd/system/*.wants/* "$root"/lib/systemd/system/containerd.service
for unit in getty.target systemd-logind.service systemd-binfmt.service apt-daily.timer \
  apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer fstrim.timer; do
  ln -sf /dev/null "$root/etc/systemd/system/$unit"
done
ln -sf /lib/systemd/system/multi-user.target "$root/etc/systemd/system/default.target"

mkdir -p "$root"/etc/{containerd/certs.d/_default,cni/net.d,sysctl.d,systemd/journald.conf.d} \
  "$root"/etc/kubernetes/{manifests,kubelet.conf.d} "$root/opt/cni" \
  "$root/etc/systemd/system/multi-user.target.wants"
printf '[Journal]\nReadKMsg=no\nStorage=volatile\nRuntimeMaxUse=32M\n' \
  >"$root/etc/systemd/journald.conf.d/node.conf"
install -m 0644 "$here"/{containerd,kubelet}.service "$here/kubelet.slice" "$root/etc/systemd/system/"
install -m 0644 "$here/kubelet.conf" "$root/etc/kubernetes/kubelet.conf.d/10-node.conf"
install -m 0644 "$here/sysctl.conf" "$root/etc/sysctl.d/10-node.conf"
install -m 0755 "$here/entrypoint" "$here/crictl" "$root/usr/local/bin/"
for unit in containerd kubelet; do
  ln -sf "/etc/systemd/system/$unit.service" "$root/etc/systemd/system/multi-user.target.wants/$unit.service"
done
rm -rf "$root/opt/cni/bin"
ln -s ../../usr/lib/cni "$root/opt/cni/bin"

rm -rf "$root"/var/cache/apt/archives/*.deb "$root"/var/lib/apt/lists/* "$root"/var/log/* \
  "$root"/usr/share/{doc,man,locale}/* "$root"/etc/cni/net.d/*
rm -f "$root"/etc/{machine-id,resolv.conf,hostname}
