using System.Text;
using Sluice.Posix;

namespace Sluice.Hydrator.Guarding;

/// <summary>
/// The list <c>hydrator/shared-roots</c>: directories beneath which files may be without data on file systems that are not dedicated. Their marks are gone after
/// a reboot, so a Hydrator looks for the files when it starts.
/// </summary>
internal sealed class SharedRoots(HydratorFiles files)
{
    // Paths may hold any other character.
    private const char Separator = '\0';

    private readonly Lock _lock = new();

    /// <summary>All of them.</summary>
    public IReadOnlyList<string> Read() =>
        File.Exists(files.SharedRoots) ? File.ReadAllText(files.SharedRoots).Split(Separator, StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>Adds one, durably: files lose their data after this only.</summary>
    public void Add(string path)
    {
        lock (_lock)
        {
            var roots = Read();
            if (roots.Contains(path)) return;
            files.Make();
            var text = Encoding.UTF8.GetBytes(string.Concat(roots.Append(path).Select(root => root + Separator)));
            var next = files.SharedRoots + ".new";
            using (var file = new FileStream(next, FileMode.Create, FileAccess.Write))
            {
                file.Write(text);
                file.Flush(flushToDisk: true);
            }

            File.Move(next, files.SharedRoots, overwrite: true);
            DirectorySync.Flush(files.Folder);
        }
    }
}
