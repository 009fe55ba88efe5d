using System.Text;
using Sluice.Core.Files;
using Sluice.Engine.Ledger;
using Sluice.Posix;
using Sluice.SystemTests.CommandLine;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Escape;

/// <summary>Records as the owner of a file can write them where Sluice has no right to trusted ones.</summary>
public sealed class ForgedLedgerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_forged_record_does_not_bring_another_object_under_the_files_name()
    {
        await using var temp = TempDirectory.Create().With(
            new TreeBuilder().Text("src/file", "").Text("other/secret", Canaries.Secret).Directory("state/buckets/bucket"));
        (await ExportAsync(temp, "other", "s3://bucket/private")).EnsureSuccess();
        Forge(temp["src/file"], Canaries.Secret.Length, new ObjectAddress("bucket", "private/secret", await ETagAsync(temp)));

        var result = (await ExportAsync(temp, "src", "s3://bucket/public")).EnsureSuccess();

        Assert.StartsWith("SUCCEEDED: 2 files exported", result.Output, StringComparison.Ordinal);
        Assert.Equal(
            new byte[Canaries.Secret.Length], await File.ReadAllBytesAsync(temp["state/buckets/bucket/objects/public/file"], Cancellation));
    }

    /// <summary>Without CAP_SYS_ADMIN.</summary>
    private static Task<ProcessResult> ExportAsync(TempDirectory temp, string source, string target)
    {
        Require.Root();
        return ProcessRunner.RunAsync(
            new(Require.Tool("setpriv"))
            {
                Arguments =
                [
                    "--bounding-set", "-sys_admin", "--inh-caps", "-sys_admin", "dotnet", Require.File(SourceTree.Program), "export", temp[source], target,
                    "--state", temp["state"],
                ],
                Environment = new Dictionary<string, string?>(Cli.Bare) { ["HOME"] = temp.Path, ["DOTNET_EnableDiagnostics"] = "0" },
            },
            Cancellation);
    }

    private static async Task<string> ETagAsync(TempDirectory temp)
    {
        var repository = new Repositories.Directory.DirectoryRepository(temp["state/buckets/bucket"], TimeProvider.System);
        return (await repository.HeadAsync("private/secret", Cancellation))!.ETag;
    }

    /// <summary>A file of nothing but a hole that says: my data is over there.</summary>
    private static void Forge(string path, int size, ObjectAddress address)
    {
        using var root = FileSystemCalls.OpenRoot(Path.GetDirectoryName(path)!);
        using var file = FileSystemCalls.OpenBeneath(root, Encoding.UTF8.GetBytes(Path.GetFileName(path)), OpenFlags.ReadWrite);
        FileSystemCalls.SetLength(file, size);
        var record = new LedgerRecord
        {
            States = HsmStates.Exists | HsmStates.Archived | HsmStates.Released,
            SizeBytes = size,
            MtimeNs = FileSystemCalls.Status(file).MtimeNs,
            SealNs = long.MaxValue,
            Checksum = 0,
            MetadataHash = 0,
            AddressHash = 0,
            IdentityHash = LedgerHashes.Identity(address.ETag),
            TaskTag = 0,
        };
        var bytes = new byte[LedgerRecord.EncodedBytes];
        record.Encode(bytes);
        FileSystemCalls.SetXattr(file, "user.sluice", bytes);
        FileSystemCalls.SetXattr(file, "user.sluice.object", address.Encode());
    }
}
