using System.Text;
using Sluice.Core.Crashing;
using Sluice.Core.Files;
using Sluice.Core.Reports;

namespace Sluice.Engine.Reports;

/// <summary>
/// Rows of a completion report on their way: a file beside the catalog, in the report's own format, so that ten million rows use constant memory.
/// A task that is run again after a crash begins a new one, because it meets its failures again; a canceled one goes on with the old.
/// Safe for concurrent use.
/// </summary>
internal sealed class FailureSpool : IDisposable
{
    // As much of a row's second field as tells its kind.
    private const int StatusBytes = 8;

    private readonly Lock _lock = new();
    private readonly FileStream _file;

    private FailureSpool(FileStream file) => _file = file;

    /// <summary>Rows written, counting those found when it was opened.</summary>
    public long Rows { get; private set; }

    /// <summary>How many of them are of failed entries; the others are warnings about entries that were done.</summary>
    public long FailedRows { get; private set; }

    /// <summary>Bytes of all rows.</summary>
    public long Length
    {
        get
        {
            lock (_lock) return _file.Length;
        }
    }

    /// <summary>Opens the spool at <paramref name="path"/>.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="keep">Whether rows of an earlier life are kept; a torn last row is cut off.</param>
    public static FailureSpool Open(string path, bool keep)
    {
        CrashPoint.Before(SideEffect.SpoolOpen);
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = keep ? FileMode.OpenOrCreate : FileMode.Create,
            Access = FileAccess.ReadWrite,
            Share = FileShare.Read,
            BufferSize = 0,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        });
        var spool = new FailureSpool(file);
        spool.CountRows();
        CrashPoint.After(SideEffect.SpoolOpen);
        return spool;
    }

    /// <summary>Adds the row of a failed entry. When this returns, it outlives the process: a canceled task that died counts its failures by their rows.</summary>
    public void Add(FileFailure failure)
    {
        var row = Encoding.UTF8.GetBytes(ReportRow.ForFailure(failure));
        lock (_lock)
        {
            Write(row);
            FailedRows++;
        }
    }

    /// <summary>Adds the row of an entry that was done with a warning.</summary>
    public void AddWarning(FileFailure warning)
    {
        var row = Encoding.UTF8.GetBytes(ReportRow.ForWarning(warning));
        lock (_lock) Write(row);
    }

    /// <summary>Reads rows from <paramref name="offset"/> on.</summary>
    public int Read(long offset, Span<byte> buffer)
    {
        lock (_lock)
        {
            var end = _file.Position;
            _file.Position = offset;
            var read = _file.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
            _file.Position = end;
            return read;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private void Write(byte[] row)
    {
        CrashPoint.Before(SideEffect.SpoolWrite);
        _file.Write(row);
        CrashPoint.After(SideEffect.SpoolWrite);
        Rows++;
    }

    // A row ends at a line feed outside quotes. What follows its first comma outside quotes tells its kind.
    private void CountRows()
    {
        var buffer = new byte[64 << 10];
        Span<byte> status = stackalloc byte[StatusBytes];
        var (quoted, statusLength) = (false, -1);
        long position = 0, whole = 0;
        for (int read; (read = _file.Read(buffer)) > 0;)
        {
            foreach (var value in buffer.AsSpan(0, read))
            {
                position++;
                if (value == (byte)'"') quoted = !quoted;
                if (statusLength is >= 0 and < StatusBytes) status[statusLength++] = value;
                if (value == (byte)',' && !quoted && statusLength < 0) statusLength = 0;
                if (value != (byte)'\n' || quoted) continue;
                Rows++;
                if (ReportRow.IsFailure(status[..Math.Max(0, statusLength)])) FailedRows++;
                (whole, statusLength) = (position, -1);
            }
        }

        _file.SetLength(whole);
        _file.Position = whole;
    }
}
