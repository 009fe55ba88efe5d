"""Imports and releases from boto3: create, cancel, describe and every refusal; prints what it saw as one JSON document.

While HOLD exists, the bucket answers no HEAD: a task that is canceled then has begun at most as many files as it has movers.
"""
import json
import os
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

root, unguarded, repository, hold = sys.argv[1:]
fsx = boto3.client("fsx", endpoint_url=os.environ["AWS_ENDPOINT_URL_FSX"], config=Config(retries={"max_attempts": 1}))
ENDS = ["CANCELED", "SUCCEEDED", "FAILED"]
NO_AGE = {"DurationSinceLastAccess": {"Unit": "DAYS", "Value": 0}}
seen = {}


def until(describe, wanted):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state = describe()
        if state["Lifecycle"] in wanted:
            return state
        time.sleep(0.02)
    raise SystemExit(f"never became {wanted}: {state}")


def task(task_id):
    return fsx.describe_data_repository_tasks(TaskIds=[task_id])["DataRepositoryTasks"][0]


def ended(task_id):
    state = until(lambda: task(task_id), ENDS)
    return [state["Lifecycle"], state.get("Status", {}).get("SucceededCount", 0), state.get("Status", {}).get("FailedCount", 0)]


def linked(directory, prefix):
    fs_id = fsx.create_file_system(
        FileSystemType="LUSTRE", FileSystemTypeVersion="2.15", StorageCapacity=1200, SubnetIds=["subnet-0123456789abcdef0"],
        LustreConfiguration={"DeploymentType": "SCRATCH_2"}, Tags=[{"Key": "sluice:root", "Value": directory}])["FileSystem"]["FileSystemId"]
    return fs_id, link(fs_id, prefix)


def link(fs_id, prefix):
    dra_id = fsx.create_data_repository_association(
        FileSystemId=fs_id, FileSystemPath="/", DataRepositoryPath=repository + prefix)["Association"]["AssociationId"]
    until(lambda: fsx.describe_data_repository_associations(AssociationIds=[dra_id])["Associations"][0], ["AVAILABLE"])
    return dra_id


def start(kind, fs_id, **more):
    return fsx.create_data_repository_task(Type=kind, FileSystemId=fs_id, Report={"Enabled": False}, **more)["DataRepositoryTask"]


def canceled(task_id):
    until(lambda: task(task_id), ["EXECUTING"])
    answer = fsx.cancel_data_repository_task(TaskId=task_id)["Lifecycle"]
    os.remove(hold)
    return [answer, *ended(task_id)]


def refused(exception, kind, fs_id, **more):
    try:
        start(kind, fs_id, **more)
    except exception as e:
        return type(e).__name__ == e.response["Error"]["Code"] and e.response["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as e:
        return e.response["Error"]
    return "not refused"


EXPORT, IMPORT, RELEASE = "EXPORT_TO_REPOSITORY", "IMPORT_METADATA_FROM_REPOSITORY", "RELEASE_DATA_FROM_FILESYSTEM"
fs, dra = linked(root, "/tree")
seen["exported"] = ended(start(EXPORT, fs)["TaskId"])

open(hold, "w").close()
first = start(RELEASE, fs, ReleaseConfiguration=NO_AGE)
seen["echo"] = first["ReleaseConfiguration"] == NO_AGE and task(first["TaskId"])["ReleaseConfiguration"] == NO_AGE
seen["releaseCanceled"] = canceled(first["TaskId"])
seen["released"] = ended(start(RELEASE, fs)["TaskId"])
seen["young"] = ended(start(RELEASE, fs, ReleaseConfiguration={"DurationSinceLastAccess": {"Unit": "DAYS", "Value": 1}}, Paths=["/"])["TaskId"])

fsx.delete_data_repository_association(AssociationId=dra, DeleteDataInFileSystem=True)
while fsx.describe_data_repository_associations(Filters=[{"Name": "file-system-id", "Values": [fs]}])["Associations"]:
    time.sleep(0.02)
seen["emptied"] = os.listdir(root) == []
link(fs, "/tree")
open(hold, "w").close()
seen["importCanceled"] = canceled(start(IMPORT, fs, Paths=[repository + "/tree"])["TaskId"])
seen["imported"] = ended(start(IMPORT, fs)["TaskId"])
seen["nothing"] = ended(start(IMPORT, fs, Paths=[repository + "/tree/"])["TaskId"])
seen["outside"] = ended(start(IMPORT, fs, Paths=["s3://some-other-bucket/x"])["TaskId"])

other, _ = linked(unguarded, "/other")
seen["unsupportedRelease"] = refused(fsx.exceptions.UnsupportedOperation, RELEASE, other)
seen["unsupportedImport"] = refused(fsx.exceptions.UnsupportedOperation, IMPORT, other)
seen["badPath"] = refused(fsx.exceptions.BadRequest, IMPORT, fs, Paths=["tree/file-1"])
seen["badConfiguration"] = refused(fsx.exceptions.BadRequest, EXPORT, fs, ReleaseConfiguration=NO_AGE)
seen["badAge"] = refused(fsx.exceptions.BadRequest, RELEASE, fs, ReleaseConfiguration={"DurationSinceLastAccess": {"Unit": "DAYS"}})
print(json.dumps(seen))
