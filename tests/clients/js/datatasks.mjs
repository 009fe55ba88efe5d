// Imports and releases from the AWS SDK for JavaScript: create, cancel, describe and every refusal; prints what it saw as JSON. While HOLD exists,
// the bucket answers no HEAD: a task that is canceled then has begun at most as many files as it has movers.
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import * as sdk from "@aws-sdk/client-fsx";

const [root, unguarded, repository, hold] = process.argv.slice(2);
const fsx = new sdk.FSxClient({ maxAttempts: 1 });
const send = (name, input) => fsx.send(new sdk[`${name}Command`](input));
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const ends = ["CANCELED", "SUCCEEDED", "FAILED"];
const noAge = { DurationSinceLastAccess: { Unit: "DAYS", Value: 0 } };
const seen = {};

async function until(describe, wanted) {
  for (const deadline = Date.now() + 60000; ;) {
    const state = await describe();
    if (wanted.includes(state.Lifecycle)) return state;
    if (Date.now() > deadline) throw new Error(`never became ${wanted}: ${JSON.stringify(state)}`);
    await pause(20);
  }
}

const task = async (id) => (await send("DescribeDataRepositoryTasks", { TaskIds: [id] })).DataRepositoryTasks[0];
const association = async (id) => (await send("DescribeDataRepositoryAssociations", { AssociationIds: [id] })).Associations[0];

async function ended(id) {
  const state = await until(() => task(id), ends);
  return [state.Lifecycle, state.Status?.SucceededCount ?? 0, state.Status?.FailedCount ?? 0];
}

async function link(fsId, prefix) {
  const id = (await send("CreateDataRepositoryAssociation", {
    FileSystemId: fsId, FileSystemPath: "/", DataRepositoryPath: repository + prefix,
  })).Association.AssociationId;
  await until(() => association(id), ["AVAILABLE"]);
  return id;
}

async function linked(directory, prefix) {
  const fsId = (await send("CreateFileSystem", {
    FileSystemType: "LUSTRE", FileSystemTypeVersion: "2.15", StorageCapacity: 1200, SubnetIds: ["subnet-0123456789abcdef0"],
    LustreConfiguration: { DeploymentType: "SCRATCH_2" }, Tags: [{ Key: "sluice:root", Value: directory }],
  })).FileSystem.FileSystemId;
  return [fsId, await link(fsId, prefix)];
}

const start = async (Type, FileSystemId, more = {}) =>
  (await send("CreateDataRepositoryTask", { Type, FileSystemId, Report: { Enabled: false }, ...more })).DataRepositoryTask;

async function canceled(id) {
  await until(() => task(id), ["EXECUTING"]);
  const answer = (await send("CancelDataRepositoryTask", { TaskId: id })).Lifecycle;
  rmSync(hold);
  return [answer, ...await ended(id)];
}

async function refused(exception, type, fsId, more) {
  try {
    await start(type, fsId, more);
    return "not refused";
  } catch (e) {
    return e instanceof exception ? e.$metadata.httpStatusCode : String(e);
  }
}

const [EXPORT, IMPORT, RELEASE] = ["EXPORT_TO_REPOSITORY", "IMPORT_METADATA_FROM_REPOSITORY", "RELEASE_DATA_FROM_FILESYSTEM"];
const [fs, dra] = await linked(root, "/tree");
seen.exported = await ended((await start(EXPORT, fs)).TaskId);

writeFileSync(hold, "");
const first = await start(RELEASE, fs, { ReleaseConfiguration: noAge });
const isEcho = (state) => JSON.stringify(state.ReleaseConfiguration) === JSON.stringify(noAge);
seen.echo = isEcho(first) && isEcho(await task(first.TaskId));
seen.releaseCanceled = await canceled(first.TaskId);
seen.released = await ended((await start(RELEASE, fs)).TaskId);
seen.young = await ended((await start(RELEASE, fs, { ReleaseConfiguration: { DurationSinceLastAccess: { Unit: "DAYS", Value: 1 } }, Paths: ["/"] })).TaskId);

await send("DeleteDataRepositoryAssociation", { AssociationId: dra, DeleteDataInFileSystem: true });
const links = () => send("DescribeDataRepositoryAssociations", { Filters: [{ Name: "file-system-id", Values: [fs] }] });
while ((await links()).Associations.length > 0) await pause(20);
seen.emptied = readdirSync(root).length === 0;
await link(fs, "/tree");
writeFileSync(hold, "");
seen.importCanceled = await canceled((await start(IMPORT, fs, { Paths: [`${repository}/tree`] })).TaskId);
seen.imported = await ended((await start(IMPORT, fs)).TaskId);
seen.nothing = await ended((await start(IMPORT, fs, { Paths: [`${repository}/tree/`] })).TaskId);
seen.outside = await ended((await start(IMPORT, fs, { Paths: ["s3://some-other-bucket/x"] })).TaskId);

const [other] = await linked(unguarded, "/other");
seen.unsupportedRelease = await refused(sdk.UnsupportedOperation, RELEASE, other);
seen.unsupportedImport = await refused(sdk.UnsupportedOperation, IMPORT, other);
seen.badPath = await refused(sdk.BadRequest, IMPORT, fs, { Paths: ["tree/file-1"] });
seen.badConfiguration = await refused(sdk.BadRequest, EXPORT, fs, { ReleaseConfiguration: noAge });
seen.badAge = await refused(sdk.BadRequest, RELEASE, fs, { ReleaseConfiguration: { DurationSinceLastAccess: { Unit: "DAYS" } } });
console.log(JSON.stringify(seen));
