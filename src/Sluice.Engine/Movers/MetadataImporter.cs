using Sluice.Core.Files;
using Sluice.Core.Tasks;
using Sluice.Engine.Guarding;
using Sluice.Engine.Runs;
using Sluice.Engine.Scanning;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>
/// Imports one object: asks for its metadata, then makes what it describes.
/// <code>
/// key ends in a slash → directory      type bits say symlink → symlink, the body is the target      else → file without data
/// </code>
/// </summary>
/// <param name="context">The task.</param>
/// <param name="guard">The guard of its file system.</param>
/// <param name="concurrency">Entries that are being made at a time; many more may be asked about.</param>
internal sealed class MetadataImporter(TaskContext context, IFileSystemGuard guard, int concurrency) : IMover<ImportEntry>, IDisposable
{
    private readonly Slots _inFlight = new(concurrency);
    private readonly StubMaker _stubs = new(context, guard);
    private readonly SymlinkImporter _symlinks = new(context);

    /// <inheritdoc/>
    public void Dispose() => _inFlight.Dispose();

    /// <inheritdoc/>
    public async Task<MoveResult> MoveAsync(ImportEntry entry, StartPermit permit, CancellationToken cancellationToken)
    {
        if (entry.Refusal is { } refusal) return MoveResult.Failed(FailureCode.S3ObjectPathNotPosixCompliant, refusal);
        try
        {
            return await ImportAsync(entry, permit, cancellationToken);
        }
        catch (PosixException e)
        {
            context.Health.Report(e);
            return MoveResult.Failed(CodeOf(e.Errno), e.Message);
        }
        catch (RepositoryException e)
        {
            return context.Fail(e);
        }
        finally
        {
            entry.Directory!.Release();
        }
    }

    private async Task<MoveResult> ImportAsync(ImportEntry entry, StartPermit permit, CancellationToken cancellationToken)
    {
        var head = await entry.Link.Repository.HeadAsync(entry.Object.Key, cancellationToken);
        if (head is null) return MoveResult.Failed(FailureCode.S3ObjectNotFound, "The object is gone since it was listed.");
        var said = ObjectPosixMetadata.Of(head.Metadata.User);
        if (!entry.IsCounted && TouchedObjects.IsAsRecorded(context, entry, head, said)) return MoveResult.NothingToDo;
        if (!entry.IsCounted)
        {
            entry.IsCounted = true;
            context.Counters.Found(entry.SizeBytes);
        }

        using var place = await _inFlight.EnterAsync(cancellationToken);
        return await MakeAsync(entry, head, said, permit, cancellationToken);
    }

    private async Task<MoveResult> MakeAsync(ImportEntry entry, ObjectHead head, ObjectPosixMetadata said, StartPermit permit, CancellationToken cancellationToken)
    {
        if (entry.IsDirectory) return ImportDirectory(entry, head, permit);
        var current = Current(entry);
        var kind = said.IsSymlink ? FileKind.Symlink : FileKind.Regular;
        if (current is { } there && there.Kind != kind)
            return MoveResult.Failed(FailureCode.S3ObjectTypeMismatch, $"The object is a {kind}; there is a {there.Kind} in its place.");
        return said.IsSymlink
            ? await _symlinks.ImportAsync(entry, head, current, permit, cancellationToken)
            : ImportFile(entry, head, said, current, permit);
    }

    private MoveResult ImportFile(ImportEntry entry, ObjectHead head, in ObjectPosixMetadata said, FileStatus? current, StartPermit permit)
    {
        _stubs.Make(entry, head, ImportedMetadata.Of(head, said, current), isReplacing: current is not null, permit);
        return head.IsArchived
            ? MoveResult.Warned(FailureCode.S3ObjectInUnsupportedTier, "The object is in an archive; its data can't be read before it is brought back from there.")
            : MoveResult.Done;
    }

    /// <summary>The directory is made; the rest when everything in it is done.</summary>
    private static MoveResult ImportDirectory(ImportEntry entry, ObjectHead head, StartPermit permit)
    {
        permit.BeginWith(() => entry.Directory!.Open());
        entry.Directory!.Become(new DirectoryObject(head, entry.Link.Address.Of(entry.Path, isDirectory: true)));
        return MoveResult.Deferred;
    }

    private static FileStatus? Current(ImportEntry entry)
    {
        if (entry.Directory!.Existing is not { } directory) return null;
        try
        {
            return FileSystemCalls.StatusAt(directory, entry.Name);
        }
        catch (PosixException e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    private static FailureCode CodeOf(Errno errno) => errno switch
    {
        Errno.EEXIST or Errno.EISDIR or Errno.ENOTDIR or Errno.ELOOP => FailureCode.S3ObjectTypeMismatch,
        _ => FailureCode.InternalError,
    };
}
