#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test project, and ends with the counts of all of them on one line.
# usage: eng/test.sh [--soak] [arguments for the test runner, as -class '*Cancel*']
set -euo pipefail
cd "$(dirname "$0")/.."

# Minutes a test project may take before it counts as hung.
limit=60
if [ "${1:-}" = --soak ]; then
  shift
  limit=$((48 * 60))
  projects=(SimulationTests SystemTests)
else
  projects=(UnitTests SimulationTests ConformanceTests WireTests SystemTests)
fi

eng/install-test-tools.sh
dotnet build Sluice.slnx -nologo -v quiet -nodeReuse:false

# One S3 server for all test projects, stopped here whatever happens to them.
export SLUICE_TEST_RGW_ROOT=${SLUICE_TEST_RGW_ROOT:-${TMPDIR:-/tmp}/sluice-test-rgw}
export SLUICE_TEST_RGW_PORT=${SLUICE_TEST_RGW_PORT:-7480}
export SLUICE_TEST_RGW_KEEP=1
logs=$(mktemp -d)
end() {
  RGW_ROOT=$SLUICE_TEST_RGW_ROOT RGW_PORT=$SLUICE_TEST_RGW_PORT tests/rigs/rgw-down.sh memstore wipe >/dev/null 2>&1 || true
  rm -rf "$logs"
}
trap end EXIT

# "    Sluice.UnitTests.SomeTests.Some_test [FAIL]", and below it the reason: both on one line each, for whoever sees only the end of the output.
failures() {
  awk '/^    [^ ].* \[FAIL\]$/ { sub(/^ +/, ""); sub(/ \[FAIL\]$/, ""); name = $0; getline; sub(/^ +/, ""); print name ": " substr($0, 1, 500) }' "$logs"/*
}

passed=0 failed=0 skipped=0
for project in "${projects[@]}"; do
  echo "== $project"
  program=artifacts/bin/Sluice.$project/debug/Sluice.$project
  status=0
  timeout --kill-after=30 "${limit}m" "$program" -noColor "$@" 2>&1 | tee "$logs/$project" || status=${PIPESTATUS[0]}
  # "   Sluice.UnitTests  Total: 10, Errors: 0, Failed: 1, Skipped: 2, Not Run: 3, Time: 4.5s"
  if [[ $(grep -E 'Total: [0-9]+, Errors:' "$logs/$project" | tail -1) =~ Total:\ ([0-9]+),\ Errors:\ ([0-9]+),\ Failed:\ ([0-9]+),\ Skipped:\ ([0-9]+),\ Not\ Run:\ ([0-9]+) ]]; then
    bad=$((BASH_REMATCH[2] + BASH_REMATCH[3]))
    passed=$((passed + BASH_REMATCH[1] - BASH_REMATCH[3] - BASH_REMATCH[4] - BASH_REMATCH[5]))
    failed=$((failed + bad))
    skipped=$((skipped + BASH_REMATCH[4]))
    # A runner that fails although no test did is a failure too.
    if [ "$status" != 0 ] && [ "$bad" = 0 ]; then failed=$((failed + 1)); fi
  else
    echo "$project did not end within $limit minutes, or crashed (exit code $status)"
    failed=$((failed + 1))
  fi
done

if [ $((passed + failed)) = 0 ]; then
  echo "no test ran"
  failed=1
fi
if [ "$failed" != 0 ]; then
  failures
  df -h "${TMPDIR:-/tmp}" | tail -1
  free -m | sed -n 2p
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
