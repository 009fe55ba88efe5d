using System.Collections.Frozen;
using System.Text.Json;
using Sluice.Protocol;
using Sluice.Protocol.Operations;

namespace Sluice.Server.Operations;

/// <summary>From an operation and the request's JSON to the answer's bytes. Every operation in scope is one line here.</summary>
internal sealed class OperationDispatcher
{
    private readonly FrozenDictionary<string, Func<JsonElement, IDictionary<string, string>, CancellationToken, Task<byte[]>>> _operations;

    public OperationDispatcher(FileSystemOperations fileSystems, AssociationOperations associations, TaskOperations tasks, PathOperations paths, TagOperations tags)
    {
        var operations = new Dictionary<string, Func<JsonElement, IDictionary<string, string>, CancellationToken, Task<byte[]>>>(StringComparer.Ordinal);
        Add(FsxOperations.CreateFileSystem, fileSystems.CreateAsync);
        Add(FsxOperations.DescribeFileSystems, (input, _, token) => fileSystems.DescribeAsync(input, token));
        Add(FsxOperations.UpdateFileSystem, fileSystems.UpdateAsync);
        Add(FsxOperations.DeleteFileSystem, fileSystems.DeleteAsync);
        Add(FsxOperations.CreateDataRepositoryAssociation, associations.CreateAsync);
        Add(FsxOperations.DescribeDataRepositoryAssociations, (input, _, token) => associations.DescribeAsync(input, token));
        Add(FsxOperations.UpdateDataRepositoryAssociation, associations.UpdateAsync);
        Add(FsxOperations.DeleteDataRepositoryAssociation, associations.DeleteAsync);
        Add(FsxOperations.CreateDataRepositoryTask, tasks.CreateAsync);
        Add(FsxOperations.DescribeDataRepositoryTasks, tasks.DescribeAsync);
        Add(FsxOperations.CancelDataRepositoryTask, (input, _, token) => tasks.CancelAsync(input, token));
        Add(SluiceOperations.CreateRestoreTask, tasks.CreateRestoreAsync);
        Add(SluiceOperations.DescribeTasks, tasks.DescribeAllAsync);
        Add(SluiceOperations.ResolvePaths, (input, _, token) => paths.ResolveAsync(input, token));
        Add(FsxOperations.TagResource, (input, _, token) => tags.TagAsync(input, token));
        Add(FsxOperations.UntagResource, (input, _, token) => tags.UntagAsync(input, token));
        Add(FsxOperations.ListTagsForResource, (input, _, token) => tags.ListAsync(input, token));
        _operations = operations.ToFrozenDictionary(StringComparer.Ordinal);

        void Add<TInput, TOutput>(
            FsxOperation<TInput, TOutput> operation, Func<TInput, RequestContext, CancellationToken, Task<TOutput>> execute)
            where TInput : class
            where TOutput : class => operations.Add(operation.Info.Target, async (request, notes, token) =>
        {
            var input = operation.ReadInput(request);
            var context = new RequestContext(operation.Info.Name, CanonicalRequest.Of(operation.Info, request), notes);
            return operation.WriteOutput(await execute(input, context, token));
        });
    }

    /// <summary>Executes an operation of the model; one that is not offered is refused.</summary>
    /// <exception cref="Core.Faults.FsxFault">The operation refuses.</exception>
    /// <exception cref="Protocol.Faults.FrameworkFault">The request does not fit the model.</exception>
    public Task<byte[]> ExecuteAsync(
        OperationInfo operation, JsonElement request, IDictionary<string, string> notes, CancellationToken cancellationToken) =>
        _operations.TryGetValue(operation.Target, out var execute) ? execute(request, notes, cancellationToken) : throw operation.NotOffered();
}
