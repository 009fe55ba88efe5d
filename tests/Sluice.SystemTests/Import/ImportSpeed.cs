using System.Diagnostics;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Import;

public sealed class ImportSpeed
{
    [Theory]
    [InlineData("ext4")]
    [InlineData("xfs")]
    public async Task Measure(string kind)
    {
        await using var disk = await DiskImage.CreateAsync(kind);
        await using var rig = await ImportRig.StartAsync(Directory.CreateDirectory(Path.Combine(disk.Root, "tree")).FullName);
        const int N = 20000;
        await Parallel.ForAsync(0, N, new ParallelOptions { MaxDegreeOfParallelism = 16 }, async (i, _) =>
            await rig.PutAsync($"d{i % 200}/f{i}", "0123456789", ("file-permissions", "0100644"), ("file-owner", "1000"), ("file-group", "1000"), ("file-mtime", "1595002920000000123ns"), ("file-atime", "1595002920000000123ns")));
        var o = TestContext.Current.TestOutputHelper!;
        for (var round = 0; round < 3; round++)
        {
            var watch = Stopwatch.StartNew();
            var listed = 0;
            await foreach (var item in rig.Bucket.ListAsync(ImportRig.Prefix, null, default)) listed++;
            o.WriteLine($"{kind} list {listed} {listed / watch.Elapsed.TotalSeconds:F0}/s");
            watch.Restart();
            var cpu = Process.GetCurrentProcess().TotalProcessorTime;
            var task = await rig.ImportAsync();
            o.WriteLine($"{kind} import {task.Progress} {N / watch.Elapsed.TotalSeconds:F0}/s cpu {(Process.GetCurrentProcess().TotalProcessorTime - cpu).TotalSeconds:F2}");
            watch.Restart();
            task = await rig.ImportAsync();
            o.WriteLine($"{kind} again {task.Progress} {N / watch.Elapsed.TotalSeconds:F0}/s");
            (await ProcessRunner.RunAsync(new(Require.Tool("rm")) { Arguments = ["-rf", rig.Root] }, default)).EnsureSuccess();
            Directory.CreateDirectory(rig.Root);
        }
    }
}
