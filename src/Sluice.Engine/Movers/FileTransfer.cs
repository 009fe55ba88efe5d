using Sluice.Core.Tasks;
using Sluice.Posix;
using Sluice.Repositories;

namespace Sluice.Engine.Movers;

/// <summary>One attempt to bring one open file to its key.</summary>
/// <param name="Repository">Where to.</param>
/// <param name="Key">Under which key.</param>
/// <param name="File">The open file.</param>
/// <param name="Status">What it was when the attempt began.</param>
/// <param name="Permit">Its way through the gate.</param>
internal sealed record FileTransfer(IObjectRepository Repository, string Key, Fd File, FileStatus Status, StartPermit Permit)
{
    /// <summary>When its path was looked up: what has that name now may be another file, which got it since.</summary>
    public required DateTimeOffset OpenedAt { get; init; }

    /// <summary>Whether it may have changed after the attempt began without its times telling.</summary>
    public bool IsRacy { get; init; }

    /// <summary>Whether the file is, as far as its inode tells, what it was when the attempt began.</summary>
    public bool IsUntouched
    {
        get
        {
            var now = FileSystemCalls.Status(File);
            return now.SizeBytes == Status.SizeBytes && now.MtimeNs == Status.MtimeNs && now.CtimeNs == Status.CtimeNs;
        }
    }

    /// <summary>Whether the file has lost its data: what was read of it are zeros then, and not its content.</summary>
    public Func<bool> IsReleased { get; init; } = static () => false;
}

/// <summary>What was sent.</summary>
/// <param name="Checksum">CRC-64/NVME of the content as it was read.</param>
/// <param name="ETag">ETag of the object.</param>
internal sealed record SentFile(ulong Checksum, string ETag);
