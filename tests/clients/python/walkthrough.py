"""Every operation in scope from boto3, in the order a script would use them; prints what it saw as one JSON document."""
import json
import os
import sys
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

root, repository, ended_id, auto_id = sys.argv[1:]
fsx = boto3.client("fsx", endpoint_url=os.environ["AWS_ENDPOINT_URL_FSX"], config=Config(retries={"max_attempts": 1}))
seen = {}


def until(describe, wanted):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        state = describe()
        if state["Lifecycle"] in wanted:
            return state
        time.sleep(0.02)
    raise SystemExit(f"never became {wanted}: {state}")


def file_system(fs_id):
    return fsx.describe_file_systems(FileSystemIds=[fs_id])["FileSystems"][0]


def association(dra_id):
    return fsx.describe_data_repository_associations(AssociationIds=[dra_id])["Associations"][0]


def task(task_id):
    return fsx.describe_data_repository_tasks(TaskIds=[task_id])["DataRepositoryTasks"][0]


def gone(describe, exception):
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            describe()
        except exception:
            return True
        time.sleep(0.02)
    return False


def refused(task_id, exception):
    try:
        fsx.cancel_data_repository_task(TaskId=task_id)
    except exception as e:
        return type(e).__name__ == e.response["Error"]["Code"] and e.response["ResponseMetadata"]["HTTPStatusCode"]
    except ClientError as e:
        return e.response["Error"]
    return "not refused"


fs = fsx.create_file_system(
    FileSystemType="LUSTRE", FileSystemTypeVersion="2.15", StorageCapacity=1200, SubnetIds=["subnet-0123456789abcdef0"],
    LustreConfiguration={"DeploymentType": "SCRATCH_2"}, Tags=[{"Key": "sluice:root", "Value": root}])["FileSystem"]
fs_id = fs["FileSystemId"]
seen["created"] = fs["Lifecycle"]
until(lambda: file_system(fs_id), ["AVAILABLE"])
fsx.update_file_system(FileSystemId=fs_id, LustreConfiguration={"WeeklyMaintenanceStartTime": "2:03:00"})
seen["updated"] = until(lambda: file_system(fs_id), ["AVAILABLE"])["LustreConfiguration"]["WeeklyMaintenanceStartTime"]

dra = fsx.create_data_repository_association(FileSystemId=fs_id, FileSystemPath="/", DataRepositoryPath=repository)["Association"]
until(lambda: association(dra["AssociationId"]), ["AVAILABLE"])
fsx.update_data_repository_association(AssociationId=dra["AssociationId"], ImportedFileChunkSize=2048)
seen["chunk"] = until(lambda: association(dra["AssociationId"]), ["AVAILABLE"])["ImportedFileChunkSize"]


def export():
    return fsx.create_data_repository_task(
        Type="EXPORT_TO_REPOSITORY", FileSystemId=fs_id, Paths=[], Report={"Enabled": False})["DataRepositoryTask"]["TaskId"]


first = export()
while task(first).get("Status", {}).get("SucceededCount", 0) == 0:
    time.sleep(0.01)
answer = fsx.cancel_data_repository_task(TaskId=first)
seen["cancel"] = [answer["Lifecycle"], answer["TaskId"] == first]
canceled = until(lambda: task(first), ["CANCELED", "SUCCEEDED", "FAILED"])
seen["canceled"] = [canceled["Lifecycle"], canceled["Status"]["SucceededCount"], "EndTime" in canceled]
second = export()
exported = until(lambda: task(second), ["CANCELED", "SUCCEEDED", "FAILED"])
seen["exported"] = [exported["Lifecycle"], exported["Status"]["SucceededCount"], exported["Status"]["FailedCount"]]
seen["listed"] = [t["TaskId"] for t in fsx.describe_data_repository_tasks(
    Filters=[{"Name": "file-system-id", "Values": [fs_id]}])["DataRepositoryTasks"]] == [second, first]

seen["ended"] = refused(ended_id, fsx.exceptions.DataRepositoryTaskEnded)
seen["unsupported"] = refused(auto_id, fsx.exceptions.UnsupportedOperation)
seen["notFound"] = refused("task-0123456789abcdef0", fsx.exceptions.DataRepositoryTaskNotFound)
seen["badRequest"] = refused("task-not-hexadecimal", fsx.exceptions.BadRequest)

arn = fs["ResourceARN"]
fsx.tag_resource(ResourceARN=arn, Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
fsx.untag_resource(ResourceARN=arn, TagKeys=["a"])
seen["tags"] = {tag["Key"]: tag["Value"] for tag in fsx.list_tags_for_resource(ResourceARN=arn)["Tags"]}.get("b")

fsx.delete_data_repository_association(AssociationId=dra["AssociationId"])
seen["unlinked"] = gone(lambda: association(dra["AssociationId"]), fsx.exceptions.DataRepositoryAssociationNotFound)
fsx.delete_file_system(FileSystemId=fs_id)
seen["deleted"] = gone(lambda: file_system(fs_id), fsx.exceptions.FileSystemNotFound)
print(json.dumps(seen))
