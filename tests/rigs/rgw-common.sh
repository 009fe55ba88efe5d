# Shared by rgw-up.sh and rgw-down.sh; sourced, not run.
#
# One S3 server on loopback: a Ceph monitor, one OSD and a RADOS Gateway, as root, without systemd, cephx or manager.
# usage: rgw-up.sh [memstore|bluestore]; rgw-down.sh [memstore|bluestore] [wipe]
# environment:
#   RGW_ROOT        state directory; default <temporary directory>/sluice-rgw-<store>. Keep it short: it holds Unix sockets.
#   RGW_PORT        the S3 endpoint's port; default 7480
#   MON_PORT        the monitor's port; default the first free one from 3300
#   AK, SK          keys of the one user, who may do all; default testaccess, testsecret
#   MEMSTORE_BYTES  room for objects in memory; default 6 GiB
#   BLUESTORE_BYTES room for objects on disk (a sparse file); default 30 GiB

store=${1:-memstore}
case $store in memstore | bluestore) ;; *) echo "$0: the store is memstore or bluestore, not '$store'" >&2; exit 2 ;; esac
root=${RGW_ROOT:-${TMPDIR:-/tmp}/sluice-rgw-$store}
port=${RGW_PORT:-7480}
# In the order in which they are stopped.
daemons=(client.rgw.a osd.0 mon.a)

# The process id of a daemon that this rig started and that still runs. A pid file alone proves nothing after a crash.
pid_of() {
  local pid
  pid=$(cat "$root/run/$1.pid" 2>/dev/null) || return 1
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$root/ceph.conf" && echo "$pid"
}

stop_daemons() {
  local daemon pid
  for daemon in "${daemons[@]}"; do
    pid=$(pid_of "$daemon") && kill -TERM "$pid" 2>/dev/null
  done
  for _ in $(seq 100); do
    any_runs || return 0
    sleep 0.1
  done
  for daemon in "${daemons[@]}"; do
    pid=$(pid_of "$daemon") && kill -KILL "$pid" 2>/dev/null
  done
  for _ in $(seq 50); do
    any_runs || return 0
    sleep 0.1
  done
  echo "$0: a daemon in $root does not stop" >&2
  return 1
}

any_runs() {
  local daemon
  for daemon in "${daemons[@]}"; do
    pid_of "$daemon" >/dev/null && return 0
  done
  return 1
}

all_run() {
  local daemon
  for daemon in "${daemons[@]}"; do
    pid_of "$daemon" >/dev/null || return 1
  done
}

# Whether anything listens on a loopback port.
in_use() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Whether the endpoint answers an anonymous list of buckets.
answers() {
  local status
  {
    exec 3<>"/dev/tcp/127.0.0.1/$port" || return 1
    printf 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' >&3 || return 1
    IFS= read -r -t 5 status <&3 || return 1
    exec 3<&- 3>&-
  } 2>/dev/null
  [[ $status == 'HTTP/1.1 200'* ]]
}

# One start or stop at a time per state directory.
take_turn() {
  mkdir -p "$(dirname "$root")"
  exec 9>"$root.turn"
  flock -w 180 9 || { echo "$0: another start or stop of $root does not end" >&2; exit 1; }
}
