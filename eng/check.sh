#!/usr/bin/env bash
# What a change has to pass besides the tests: restorable from the lock files, no warnings, formatted, generated files as generated.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '== %s\n' "$1"; }

step "restore"
dotnet restore Sluice.slnx --locked-mode -v quiet
step "build"
dotnet build Sluice.slnx --no-restore -nologo -v quiet -nodeReuse:false
step "format"
dotnet format Sluice.slnx --no-restore --verify-no-changes
step "generated code"
eng/generate-protocol.py --check
echo "all checks passed"
