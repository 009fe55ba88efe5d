// Every operation in scope from the AWS SDK for JavaScript, in the order a script would use them; prints what it saw as JSON.
import * as sdk from "@aws-sdk/client-fsx";

const [root, repository, endedId, autoId] = process.argv.slice(2);
const fsx = new sdk.FSxClient({ maxAttempts: 1 });
const send = (name, input) => fsx.send(new sdk[`${name}Command`](input));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const seen = {};

async function until(describe, wanted) {
  for (const deadline = Date.now() + 60000; ;) {
    const state = await describe();
    if (wanted.includes(state.Lifecycle)) return state;
    if (Date.now() > deadline) throw new Error(`never became ${wanted}: ${JSON.stringify(state)}`);
    await pause(20);
  }
}

async function gone(describe, exception) {
  for (const deadline = Date.now() + 60000; Date.now() < deadline; await pause(20)) {
    try {
      await describe();
    } catch (e) {
      if (e instanceof exception) return true;
      throw e;
    }
  }
  return false;
}

async function refused(taskId, exception) {
  try {
    await send("CancelDataRepositoryTask", { TaskId: taskId });
    return "not refused";
  } catch (e) {
    return e instanceof exception ? e.$metadata.httpStatusCode : String(e);
  }
}

const fileSystem = async (id) => (await send("DescribeFileSystems", { FileSystemIds: [id] })).FileSystems[0];
const association = async (id) => (await send("DescribeDataRepositoryAssociations", { AssociationIds: [id] })).Associations[0];
const task = async (id) => (await send("DescribeDataRepositoryTasks", { TaskIds: [id] })).DataRepositoryTasks[0];

const fs = (await send("CreateFileSystem", {
  FileSystemType: "LUSTRE", FileSystemTypeVersion: "2.15", StorageCapacity: 1200, SubnetIds: ["subnet-0123456789abcdef0"],
  LustreConfiguration: { DeploymentType: "SCRATCH_2" }, Tags: [{ Key: "sluice:root", Value: root }],
})).FileSystem;
const fsId = fs.FileSystemId;
seen.created = fs.Lifecycle;
await until(() => fileSystem(fsId), ["AVAILABLE"]);
await send("UpdateFileSystem", { FileSystemId: fsId, LustreConfiguration: { WeeklyMaintenanceStartTime: "2:03:00" } });
seen.updated = (await until(() => fileSystem(fsId), ["AVAILABLE"])).LustreConfiguration.WeeklyMaintenanceStartTime;

const dra = (await send("CreateDataRepositoryAssociation", { FileSystemId: fsId, FileSystemPath: "/", DataRepositoryPath: repository })).Association;
await until(() => association(dra.AssociationId), ["AVAILABLE"]);
await send("UpdateDataRepositoryAssociation", { AssociationId: dra.AssociationId, ImportedFileChunkSize: 2048 });
seen.chunk = (await until(() => association(dra.AssociationId), ["AVAILABLE"])).ImportedFileChunkSize;

const start = async () => (await send("CreateDataRepositoryTask", {
  Type: "EXPORT_TO_REPOSITORY", FileSystemId: fsId, Paths: [], Report: { Enabled: false },
})).DataRepositoryTask.TaskId;
const first = await start();
while (!((await task(first)).Status?.SucceededCount > 0)) await pause(10);
const answer = await send("CancelDataRepositoryTask", { TaskId: first });
seen.cancel = [answer.Lifecycle, answer.TaskId === first];
const ends = ["CANCELED", "SUCCEEDED", "FAILED"];
const canceled = await until(() => task(first), ends);
seen.canceled = [canceled.Lifecycle, canceled.Status.SucceededCount, canceled.EndTime instanceof Date];
const second = await start();
const exported = await until(() => task(second), ends);
seen.exported = [exported.Lifecycle, exported.Status.SucceededCount, exported.Status.FailedCount];
const listed = await send("DescribeDataRepositoryTasks", { Filters: [{ Name: "file-system-id", Values: [fsId] }] });
seen.listed = listed.DataRepositoryTasks.map((t) => t.TaskId).join() === [second, first].join();

seen.ended = await refused(endedId, sdk.DataRepositoryTaskEnded);
seen.unsupported = await refused(autoId, sdk.UnsupportedOperation);
seen.notFound = await refused("task-0123456789abcdef0", sdk.DataRepositoryTaskNotFound);
seen.badRequest = await refused("task-not-hexadecimal", sdk.BadRequest);

const arn = fs.ResourceARN;
await send("TagResource", { ResourceARN: arn, Tags: [{ Key: "a", Value: "1" }, { Key: "b", Value: "2" }] });
await send("UntagResource", { ResourceARN: arn, TagKeys: ["a"] });
seen.tags = (await send("ListTagsForResource", { ResourceARN: arn })).Tags.find((tag) => tag.Key === "b")?.Value;

await send("DeleteDataRepositoryAssociation", { AssociationId: dra.AssociationId });
seen.unlinked = await gone(() => association(dra.AssociationId), sdk.DataRepositoryAssociationNotFound);
await send("DeleteFileSystem", { FileSystemId: fsId });
seen.deleted = await gone(() => fileSystem(fsId), sdk.FileSystemNotFound);
console.log(JSON.stringify(seen));
