using Sluice.TestKit;

namespace Sluice.SystemTests.Edge.Fuzz;

/// <summary>Paths for file systems to be made over: some may be adopted, most may not or can't.</summary>
internal static class FuzzRoots
{
    /// <summary>Makes them.</summary>
    public static IReadOnlyList<string> MakeIn(TempDirectory temp)
    {
        var roots = Enumerable.Range(0, 12).Select(number => temp[$"root{number}"]).ToList();
        foreach (var root in roots)
        {
            Directory.CreateDirectory(root);
            File.WriteAllText(Path.Combine(root, "file"), "content");
        }

        foreach (var (name, target) in new[] { ("loop", temp["loop"]), ("away", "/"), ("dangling", temp["nothing"]) }) File.CreateSymbolicLink(temp[name], target);
        return
        [
            .. roots, temp["loop"], temp["loop/x"], temp["away"], temp["away/etc"], temp["dangling"], temp["nothing"], temp["root0/file"], temp["root0/file/x"], temp.Path, "/", "/proc/self/fd",
            "/dev/null", "relative", ".", "", "/proc/1/root", temp[new string('n', 200)], temp[string.Concat(Enumerable.Repeat("\U00020000", 90))], temp["root1/../root2"], "//", temp["root3"] + "/",
        ];
    }
}
