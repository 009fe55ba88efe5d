using System.Globalization;

namespace Sluice.TestKit;

/// <summary>A control group beneath this process's own, whose processes may use so much memory and no more (cgroups(7), either version). Needs root.</summary>
public sealed class MemoryGroup : IAsyncDisposable
{
    private const string First = "/sys/fs/cgroup/memory";
    private const string Second = "/sys/fs/cgroup";

    private readonly string _path;

    private MemoryGroup(string path) => _path = path;

    /// <summary>Makes one.</summary>
    public static async Task<MemoryGroup> CreateAsync(long bytes)
    {
        Require.Root();
        var isFirst = File.Exists(Path.Combine(First, "memory.limit_in_bytes"));
        var own = (await File.ReadAllLinesAsync("/proc/self/cgroup")).Select(line => line.Split(':', 3))
            .FirstOrDefault(fields => isFirst ? fields[1].Split(',').Contains("memory") : fields[1].Length == 0)?[2] ?? "/";
        var group = new MemoryGroup($"{(isFirst ? First : Second)}{own.TrimEnd('/')}/sluice-{Guid.NewGuid():N}");
        try
        {
            Directory.CreateDirectory(group._path);
            await File.WriteAllTextAsync(
                Path.Combine(group._path, isFirst ? "memory.limit_in_bytes" : "memory.max"), bytes.ToString(CultureInfo.InvariantCulture));
            return group;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            await group.DisposeAsync();
            throw Require.Missing("a control group for memory that can be written");
        }
    }

    /// <summary>The program to run within it.</summary>
    public ProcessSpec Within(ProcessSpec program) => program with
    {
        FileName = Require.Tool("sh"),
        Arguments = ["-c", $"echo $$ > {_path}/cgroup.procs; exec \"$@\"", "sh", program.FileName, .. program.Arguments],
    };

    public ValueTask DisposeAsync()
    {
        if (Directory.Exists(_path)) Directory.Delete(_path);
        return ValueTask.CompletedTask;
    }
}
