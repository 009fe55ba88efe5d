#!/bin/sh
# Starts the built program, wherever this file is called from or linked to.
here=$(dirname "$(readlink -f "$0")")
exec "$here/../artifacts/sluice/sluice" "$@"
