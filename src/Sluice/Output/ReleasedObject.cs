using System.Text;
using Sluice.Engine.Ledger;
using Sluice.Posix;

namespace Sluice.CommandLine.Output;

/// <summary>Looks up where the data of a released file is, without opening the file: that would bring its data back.</summary>
internal static class ReleasedObject
{
    private static readonly string[] Names = ["trusted.sluice.object", "user.sluice.object"];

    /// <summary>The object; null when the inode does not say.</summary>
    public static ObjectAddress? Find(string path)
    {
        var full = Path.GetFullPath(path);
        using var parent = FileSystemCalls.OpenRoot(Path.GetDirectoryName(full) ?? "/");
        var name = Encoding.UTF8.GetBytes(Path.GetFileName(full));
        return Names.Select(attribute => Read(parent, name, attribute)).FirstOrDefault(found => found is not null);
    }

    private static ObjectAddress? Read(Fd parent, byte[] name, string attribute)
    {
        var bytes = new byte[ObjectAddress.MaxBytes];
        try
        {
            return FileSystemCalls.GetXattrAt(parent, name, attribute, bytes) is { } length ? ObjectAddress.TryDecode(bytes.AsSpan(0, length)) : null;
        }
        catch (PosixException e) when (e.Errno is Errno.EOPNOTSUPP or Errno.EPERM or Errno.ERANGE)
        {
            return null;
        }
    }
}
