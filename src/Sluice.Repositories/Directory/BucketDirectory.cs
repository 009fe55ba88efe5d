using System.Globalization;
using Sluice.Posix;

namespace Sluice.Repositories.Directory;

/// <summary>The directories of one bucket and the moves within them. Everything is made in <c>staging</c>, made durable, and renamed into its place.</summary>
internal sealed class BucketDirectory
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _structure = new();
    private long _next;
    private bool _isSwept;

    public BucketDirectory(string path) => Path = path;

    public string Path { get; }

    public string Objects => System.IO.Path.Combine(Path, "objects");

    public string Uploads => System.IO.Path.Combine(Path, "uploads");

    private string Staging => System.IO.Path.Combine(Path, "staging");

    /// <summary>Refuses a bucket that does not exist; makes its inner directories.</summary>
    public void Ensure()
    {
        if (!System.IO.Directory.Exists(Path))
        {
            throw new RepositoryException(
                RepositoryErrorCode.BucketNotFound, $"The bucket '{System.IO.Path.GetFileName(Path)}' does not exist: there is no directory '{Path}'.", isTransient: false);
        }

        if (_isSwept) return;
        lock (_structure)
        {
            if (_isSwept) return;
            foreach (var directory in new[] { Objects, Uploads, Staging }) System.IO.Directory.CreateDirectory(directory);
            Sweep();
            _isSwept = true;
        }
    }

    /// <summary>A new file in staging, with a name of this process.</summary>
    public FileStream CreateStaged()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}.{Interlocked.Increment(ref _next)}");
        return new FileStream(System.IO.Path.Combine(Staging, name), new FileStreamOptions
        {
            Mode = FileMode.Create, Access = FileAccess.ReadWrite, Share = FileShare.Read, BufferSize = 0,
            UnixCreateMode = FileMode600,
        });
    }

    /// <summary>Puts a staged file, durable already, in the place of <paramref name="key"/>, and makes that durable.</summary>
    public void Publish(string staged, string key)
    {
        var target = System.IO.Path.Combine(Objects, KeyPath.Encode(key));
        while (true)
        {
            MakeParents(target);
            try
            {
                var path = System.IO.Directory.Exists(target) ? target + KeyPath.Beside : target;
                File.Move(staged, path, overwrite: true);

                // The plain name is looked at first; an older object beside it would only come to light when this one is deleted.
                if (path == target) File.Delete(target + KeyPath.Beside);
                DirectorySync.Flush(System.IO.Path.GetDirectoryName(path)!);
                return;
            }
            catch (DirectoryNotFoundException) when (File.Exists(staged))
            {
                // A delete removed the empty directory meanwhile.
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException && File.Exists(staged) && System.IO.Directory.Exists(target))
            {
                // A directory came into being under this name meanwhile.
            }
        }
    }

    /// <summary>The file of a key; null when there is none.</summary>
    public string? Find(string key)
    {
        var path = System.IO.Path.Combine(Objects, KeyPath.Encode(key));
        if (File.Exists(path)) return path;
        return File.Exists(path + KeyPath.Beside) ? path + KeyPath.Beside : null;
    }

    /// <summary>Removes the file of a key and the directories it leaves empty.</summary>
    public void Remove(string key)
    {
        var path = System.IO.Path.Combine(Objects, KeyPath.Encode(key));

        // In this order: the plain name is looked at first and may hide an older one beside it.
        if (System.IO.Directory.Exists(System.IO.Path.GetDirectoryName(path)))
        {
            File.Delete(path + KeyPath.Beside);
            if (!System.IO.Directory.Exists(path)) File.Delete(path);
        }

        for (var parent = System.IO.Path.GetDirectoryName(path)!; parent.Length > Objects.Length; parent = System.IO.Path.GetDirectoryName(parent)!)
        {
            try
            {
                System.IO.Directory.Delete(parent);
            }
            catch (IOException)
            {
                break;
            }
        }
    }

    private void MakeParents(string target)
    {
        var parent = System.IO.Path.GetDirectoryName(target)!;
        if (System.IO.Directory.Exists(parent)) return;
        lock (_structure)
        {
            var path = Objects;
            foreach (var name in System.IO.Path.GetRelativePath(Objects, parent).Split('/'))
            {
                var next = System.IO.Path.Combine(path, name);

                // An object of this name moves beside the directory that takes its name; readers look at both.
                if (File.Exists(next)) File.Move(next, next + KeyPath.Beside, overwrite: true);
                if (!System.IO.Directory.Exists(next))
                {
                    System.IO.Directory.CreateDirectory(next);
                    DirectorySync.Flush(path);
                }

                path = next;
            }
        }
    }

    /// <summary>Removes what processes that have died left in staging.</summary>
    private void Sweep()
    {
        foreach (var file in new DirectoryInfo(Staging).EnumerateFiles())
        {
            var owner = file.Name.Split('.')[0];
            var isOurs = owner == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
            if (isOurs || !System.IO.Directory.Exists($"/proc/{owner}")) file.Delete();
        }
    }
}
