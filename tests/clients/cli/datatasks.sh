#!/usr/bin/env bash
# Imports and releases from the AWS CLI: create, cancel, describe and every refusal; prints what it saw as one JSON document. While HOLD exists,
# the bucket answers no HEAD: a task that is canceled then has begun at most as many files as it has movers.
set -euo pipefail
root=$1 unguarded=$2 repository=$3 hold=$4
fsx() { "${AWS:-/usr/bin/aws}" --endpoint-url "$AWS_ENDPOINT_URL_FSX" --output text fsx "$@"; }
export AWS_MAX_ATTEMPTS=1
no_age='DurationSinceLastAccess={Unit=DAYS,Value=0}'

until_is() { # until_is WORDS COMMAND…: waits until the command prints one of the words
  local words=$1 word
  shift
  for _ in $(seq 100); do
    word=$("$@")
    case " $words " in *" $word "*) return ;; esac
    sleep 0.05
  done
  echo "never became $words: $word" >&2
  return 1
}
task() { fsx describe-data-repository-tasks --task-ids "$1" --query "DataRepositoryTasks[0].$2"; }
ended() { # ended ID: a list of state, successes, failures
  until_is "CANCELED SUCCEEDED FAILED" task "$1" Lifecycle
  local state done failed
  IFS=$'\t' read -r state done failed < <(task "$1" '[Lifecycle, Status.SucceededCount || `0`, Status.FailedCount || `0`]')
  echo "[\"$state\", $done, $failed]"
}
dra_state() { fsx describe-data-repository-associations --association-ids "$1" --query 'Associations[0].Lifecycle'; }
link() { # link FS PREFIX: the association's id
  local id
  id=$(fsx create-data-repository-association --file-system-id "$1" --file-system-path / --data-repository-path "$repository$2" \
    --query Association.AssociationId)
  until_is AVAILABLE dra_state "$id"
  echo "$id"
}
create() { # create DIRECTORY: the file system's id
  fsx create-file-system --file-system-type LUSTRE --file-system-type-version 2.15 --storage-capacity 1200 --subnet-ids subnet-0123456789abcdef0 \
    --lustre-configuration DeploymentType=SCRATCH_2 --tags "Key=sluice:root,Value=$1" --query FileSystem.FileSystemId
}
start() { # start TYPE FS MORE…: the task's id
  local type=$1 fs=$2
  shift 2
  fsx create-data-repository-task --type "$type" --file-system-id "$fs" --report Enabled=false "$@" --query DataRepositoryTask.TaskId
}
canceled() { # canceled ID: the answer and the end
  until_is EXECUTING task "$1" Lifecycle
  local answer
  answer=$(fsx cancel-data-repository-task --task-id "$1" --query Lifecycle)
  rm "$hold"
  ended "$1" | sed "s/^\[/[\"$answer\", /"
}
refused() { # refused CODE TYPE FS MORE…: the exit status, when the CLI names the code
  local code=$1 said status=0
  shift
  said=$(start "$@" 2>&1) || status=$?
  case $said in *"An error occurred ($code) when calling the CreateDataRepositoryTask operation"*) echo "$status" ;; *) echo "\"$said\"" ;; esac
}

EXPORT=EXPORT_TO_REPOSITORY IMPORT=IMPORT_METADATA_FROM_REPOSITORY RELEASE=RELEASE_DATA_FROM_FILESYSTEM
fs=$(create "$root")
dra=$(link "$fs" /tree)
exported=$(ended "$(start $EXPORT "$fs")")

touch "$hold"
first=$(start $RELEASE "$fs" --release-configuration "$no_age")
echo=$(task "$first" 'ReleaseConfiguration.DurationSinceLastAccess.[Unit,Value]')
release_canceled=$(canceled "$first")
released=$(ended "$(start $RELEASE "$fs")")
young=$(ended "$(start $RELEASE "$fs" --release-configuration 'DurationSinceLastAccess={Unit=DAYS,Value=1}' --paths /)")

fsx delete-data-repository-association --association-id "$dra" --delete-data-in-file-system >/dev/null
links() { fsx describe-data-repository-associations --filters "Name=file-system-id,Values=$fs" --query 'length(Associations)'; }
until_is 0 links
emptied=$([ -z "$(ls -A "$root")" ] && echo true || echo false)
link "$fs" /tree >/dev/null
touch "$hold"
import_canceled=$(canceled "$(start $IMPORT "$fs" --paths "$repository/tree")")
imported=$(ended "$(start $IMPORT "$fs")")
nothing=$(ended "$(start $IMPORT "$fs" --paths "$repository/tree/")")
outside=$(ended "$(start $IMPORT "$fs" --paths s3://some-other-bucket/x)")

other=$(create "$unguarded")
link "$other" /other >/dev/null
cat <<J
{"exported": $exported, "echo": $([ "$echo" = "DAYS"$'\t'"0" ] && echo true || echo false), "releaseCanceled": $release_canceled,
 "released": $released, "young": $young, "emptied": $emptied, "importCanceled": $import_canceled, "imported": $imported, "nothing": $nothing,
 "outside": $outside,
 "unsupportedRelease": $(refused UnsupportedOperation $RELEASE "$other"), "unsupportedImport": $(refused UnsupportedOperation $IMPORT "$other"),
 "badPath": $(refused BadRequest $IMPORT "$fs" --paths tree/file-1),
 "badConfiguration": $(refused BadRequest $EXPORT "$fs" --release-configuration "$no_age"),
 "badAge": $(refused BadRequest $RELEASE "$fs" --release-configuration 'DurationSinceLastAccess={Unit=DAYS}')}
J
