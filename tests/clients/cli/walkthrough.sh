#!/usr/bin/env bash
# Every operation in scope from the AWS CLI, in the order a script would use them; prints what it saw as one JSON document.
set -euo pipefail
root=$1 repository=$2 ended=$3 auto=$4
fsx() { "${AWS:-/usr/bin/aws}" --endpoint-url "$AWS_ENDPOINT_URL_FSX" --output text fsx "$@"; }
export AWS_MAX_ATTEMPTS=1

until_is() { # until_is WORDS COMMAND…: waits until the command prints one of the words, and prints it
  local words=$1 word
  shift
  for _ in $(seq 100); do
    word=$("$@")
    case " $words " in *" $word "*) echo "$word"; return ;; esac
    sleep 0.05
  done
  echo "never became $words: $word" >&2
  return 1
}
refused() { # refused ID CODE: the exit status, when the CLI names the code
  local said status=0
  said=$(fsx cancel-data-repository-task --task-id "$1" 2>&1) || status=$?
  case $said in *"An error occurred ($2) when calling the CancelDataRepositoryTask operation"*) echo "$status" ;; *) echo "\"$said\"" ;; esac
}
gone() { # gone CODE COMMAND…: true when the command comes to be refused with the code
  local code=$1
  shift
  for _ in $(seq 100); do
    case $("$@" 2>&1) in *"($code)"*) echo true; return ;; esac
    sleep 0.05
  done
  echo false
}

IFS=$'\t' read -r fs arn created < <(fsx create-file-system --file-system-type LUSTRE --file-system-type-version 2.15 --storage-capacity 1200 \
  --subnet-ids subnet-0123456789abcdef0 --lustre-configuration DeploymentType=SCRATCH_2 --tags "Key=sluice:root,Value=$root" \
  --query 'FileSystem.[FileSystemId,ResourceARN,Lifecycle]')
fs_state() { fsx describe-file-systems --file-system-ids "$fs" --query 'FileSystems[0].Lifecycle'; }
until_is AVAILABLE fs_state >/dev/null
fsx update-file-system --file-system-id "$fs" --lustre-configuration WeeklyMaintenanceStartTime=2:03:00 >/dev/null
until_is AVAILABLE fs_state >/dev/null
updated=$(fsx describe-file-systems --file-system-ids "$fs" --query 'FileSystems[0].LustreConfiguration.WeeklyMaintenanceStartTime')

dra=$(fsx create-data-repository-association --file-system-id "$fs" --file-system-path / --data-repository-path "$repository" \
  --query Association.AssociationId)
dra_state() { fsx describe-data-repository-associations --association-ids "$dra" --query 'Associations[0].Lifecycle'; }
until_is AVAILABLE dra_state >/dev/null
fsx update-data-repository-association --association-id "$dra" --imported-file-chunk-size 2048 >/dev/null
until_is AVAILABLE dra_state >/dev/null
chunk=$(fsx describe-data-repository-associations --association-ids "$dra" --query 'Associations[0].ImportedFileChunkSize')

start() {
  fsx create-data-repository-task --type EXPORT_TO_REPOSITORY --file-system-id "$fs" --report Enabled=false --query DataRepositoryTask.TaskId
}
task() { fsx describe-data-repository-tasks --task-ids "$1" --query "DataRepositoryTasks[0].$2"; }
first=$(start)
case $(task "$first" Lifecycle) in PENDING | EXECUTING) ;; *) echo "the task ended before it could be canceled" >&2; exit 1 ;; esac
IFS=$'\t' read -r cancel cancel_id < <(fsx cancel-data-repository-task --task-id "$first" --query '[Lifecycle,TaskId]')
canceled=$(until_is "CANCELED SUCCEEDED FAILED" task "$first" Lifecycle)
canceled_count=$(task "$first" 'Status.SucceededCount || `0`')
second=$(start)
exported=$(until_is "CANCELED SUCCEEDED FAILED" task "$second" Lifecycle)
listed=$(fsx describe-data-repository-tasks --filters "Name=file-system-id,Values=$fs" --query 'DataRepositoryTasks[].TaskId')

fsx tag-resource --resource-arn "$arn" --tags Key=a,Value=1 Key=b,Value=2
fsx untag-resource --resource-arn "$arn" --tag-keys a
tags=$(fsx list-tags-for-resource --resource-arn "$arn" --query "Tags[?Key=='b'].Value")

cat <<J
{"created": "$created", "updated": "$updated", "chunk": $chunk,
 "cancel": ["$cancel", $([ "$cancel_id" = "$first" ] && echo true || echo false)],
 "canceled": ["$canceled", $canceled_count, $([ "$(task "$first" EndTime)" != None ] && echo true || echo false)],
 "exported": ["$exported", $(task "$second" Status.SucceededCount), $(task "$second" Status.FailedCount)],
 "listed": $([ "$listed" = "$second"$'\t'"$first" ] && echo true || echo false), "tags": "$tags",
 "ended": $(refused "$ended" DataRepositoryTaskEnded), "unsupported": $(refused "$auto" UnsupportedOperation),
 "notFound": $(refused task-0123456789abcdef0 DataRepositoryTaskNotFound), "badRequest": $(refused task-not-hexadecimal BadRequest),
 "unlinked": $(fsx delete-data-repository-association --association-id "$dra" >/dev/null; gone DataRepositoryAssociationNotFound dra_state),
 "deleted": $(fsx delete-file-system --file-system-id "$fs" >/dev/null; gone FileSystemNotFound fs_state)}
J
