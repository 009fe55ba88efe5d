#!/usr/bin/env bash
# Installs what the tests need on Debian 12 and newer: real S3 server, real AWS clients, file system tools. Quick when all is there.
# usage: eng/install-test-tools.sh [--bench]   (--bench: what the benchmarks need as well; with CI=true that is installed anyway, for their miniature)
# Without root and sudo it says what is missing; tests that need it are then skipped. With CI=true that is an error.
set -euo pipefail
cd "$(dirname "$0")/.."

# package:file that it brings
needed=(
  ceph-mon:/usr/bin/ceph-mon ceph-osd:/usr/bin/ceph-osd radosgw:/usr/bin/radosgw
  python3-boto3:/usr/lib/python3/dist-packages/boto3/__init__.py awscli:/usr/bin/aws
  acl:/usr/bin/setfacl attr:/usr/bin/setfattr xfsprogs:/usr/sbin/mkfs.xfs e2fsprogs:/usr/sbin/mkfs.ext4 curl:/usr/bin/curl
  btrfs-progs:/usr/sbin/mkfs.btrfs fio:/usr/bin/fio rsync:/usr/bin/rsync
  gcc:/usr/bin/gcc libc6-dev:/usr/include/fcntl.h strace:/usr/bin/strace util-linux:/usr/bin/setsid
)
command -v node >/dev/null || needed+=(nodejs:/usr/bin/node)
command -v npm >/dev/null || needed+=(npm:/usr/bin/npm)
if [ "${1:-}" = --bench ] || [ "${CI:-}" = true ]; then needed+=(rclone:/usr/bin/rclone nginx:/usr/sbin/nginx); fi

missing=()
for entry in "${needed[@]}"; do
  [ -e "${entry#*:}" ] || missing+=("${entry%%:*}")
done

give_up() {
  echo "$0: $1" >&2
  if [ "${CI:-}" = true ]; then exit 1; fi
}

if [ ${#missing[@]} -gt 0 ]; then
  echo "installing ${missing[*]}"
  as_root=()
  if [ "$(id -u)" != 0 ]; then as_root=(sudo -n); fi
  if ! command -v apt-get >/dev/null; then
    give_up "this is no Debian; install ${missing[*]} by hand, or the tests that need them are skipped"
  elif ! "${as_root[@]}" true 2>/dev/null; then
    give_up "root is needed to install ${missing[*]}; without them the tests that need them are skipped"
  else
    export DEBIAN_FRONTEND=noninteractive
    # Nothing that is installed here is to run as a service. Debian asks this file, which is there already in most containers.
    if ! [ -e /usr/sbin/policy-rc.d ]; then
      trap '"${as_root[@]}" rm -f /usr/sbin/policy-rc.d' EXIT
      printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" install -m 755 /dev/stdin /usr/sbin/policy-rc.d
    fi
    install=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends)
    # The lists on this machine may be good enough; they are fetched only when they are not.
    "${install[@]}" "${missing[@]}" >/dev/null 2>&1 || {
      "${as_root[@]}" apt-get update -qq
      "${install[@]}" "${missing[@]}" >/dev/null
    } || give_up "apt-get could not install ${missing[*]}"
  fi
fi

clients=tests/clients/js
if command -v npm >/dev/null && ! cmp -s "$clients/package-lock.json" "$clients/node_modules/.lock-of-install"; then
  echo "installing the AWS SDK for JavaScript"
  if (cd "$clients" && npm ci --no-audit --no-fund --loglevel=error); then
    cp "$clients/package-lock.json" "$clients/node_modules/.lock-of-install"
  else
    give_up "npm could not install the AWS SDK for JavaScript"
  fi
fi
