using System.Security.Cryptography;

namespace Sluice.TestKit;

/// <summary>
/// A new, empty directory (mode 0700) that goes away with everything in it: read-only directories, names that are not UTF-8, paths
/// longer than the kernel takes in one call.
/// </summary>
public sealed class TempDirectory : IAsyncDisposable
{
    private const uint OwnerAll = 0b111_000_000;

    private TempDirectory(string path) => Path = path;

    /// <summary>Absolute path, without a closing slash.</summary>
    public string Path { get; }

    /// <summary>Makes one beneath <paramref name="parent"/>, or beneath the system's directory for such (<c>TMPDIR</c>).</summary>
    public static TempDirectory Create(string? parent = null)
    {
        var name = $"sluice-test-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6))}";
        var path = System.IO.Path.Combine(System.IO.Path.GetFullPath(parent ?? System.IO.Path.GetTempPath()), name);
        TreePath bytes = path;
        _ = Libc.Check(Libc.mkdir(bytes.Terminated(), OwnerAll), "mkdir", bytes.Bytes);
        return new TempDirectory(path);
    }

    /// <summary>The path of something in it.</summary>
    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>Makes <paramref name="tree"/> in it.</summary>
    public TempDirectory With(TreeBuilder tree)
    {
        tree.MakeIn(Path);
        return this;
    }

    /// <summary>Deletes it.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            Delete(Path);
        }
        catch (IOException)
        {
            // Too deep for absolute paths, or something is still being written: rm walks by directory descriptors.
            var result = await ProcessRunner.RunAsync(new("/bin/rm") { Arguments = ["-rf", "--", Path] }, CancellationToken.None);
            if (result.ExitCode != 0)
                throw new IOException($"{Path} can't be deleted: {result.Error}");
        }
    }

    /// <summary>Deletes it where nothing can be awaited.</summary>
    public void Delete() => Delete(Path);

    private static void Delete(TreePath directory)
    {
        var path = directory.Terminated();
        if (Libc.geteuid() != 0)
            _ = Libc.Check(Libc.chmod(path, OwnerAll), "chmod", path);
        foreach (var name in Libc.Names(path))
        {
            var child = directory.Append(name);
            if (Libc.Stat(child.Terminated()) is not { } stat)
                continue;
            if ((stat.stx_mode & Libc.S_IFMT) == Libc.S_IFDIR)
                Delete(child);
            else
                Libc.Remove(child.Terminated(), directory: false);
        }

        Libc.Remove(path, directory: true);
    }
}
