using System.Globalization;
using Sluice.Protocol.Operations;
using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Edge;

/// <summary>Each operation with each right, against a real server: what is not allowed is denied and not done.</summary>
public sealed class RightsTests
{
    private const string Secret = "a secret of at least sixteen characters";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_principal_can_do_what_it_is_allowed_to_and_nothing_else()
    {
        var rights = Rights();
        await using var temp = TempDirectory.Create();
        await File.WriteAllTextAsync(temp["sluice.json"], Configuration(rights), Cancel);
        await using var edge = await EdgeServer.StartAsync(Cancel, "--config", temp["sluice.json"]);
        var system = await LinkedSystem.MakeAsync(edge, "linked", Cancel);
        var samples = new OperationSamples(system);
        var before = await LinkedSystem.SnapshotAsync(edge, Cancel);

        foreach (var (number, right) in rights.Index())
        {
            var signer = new ApiSigner(edge.Host, Id(number), Secret);
            foreach (var operation in OperationSamples.All)
            {
                var isAllowed = right.Allows(operation);

                // What is allowed is asked for without an input: refused, but by the operation.
                var (answer, code) = await edge.AskAsync(signer.Signed(operation.Target, isAllowed ? "{}"u8.ToArray() : samples.BodyOf(operation)), Cancel);
                Assert.True(code == "AccessDeniedException" == !isAllowed, $"{string.Join(", ", right.Patterns)}, {operation.Action}: {answer}");
            }
        }

        Assert.Equal(before, await LinkedSystem.SnapshotAsync(edge, Cancel));
        await edge.CheckWellAsync(Cancel);
    }

    private static List<Right> Rights() =>
    [
        .. OperationSamples.All.Select(only => new Right([only.Action], operation => operation.Action == only.Action)),
        new([], _ => false),
        new(["*"], _ => true),
        new(["fsx:*"], operation => !operation.IsOwn),
        new(["sluice:*"], operation => operation.IsOwn),
        new(["fsx:Describe*"], operation => !operation.IsOwn && operation.Name.StartsWith("Describe", StringComparison.Ordinal)),
        new(["sluice:DescribeT*", "fsx:*Association"], operation => operation.Name == "DescribeTasks" || (!operation.IsOwn && operation.Name.EndsWith("Association", StringComparison.Ordinal))),
        new(["fsx:describefilesystems"], operation => operation.Name == "DescribeFileSystems"),
        new(["fsx:", "fsx:Describe", "sluice:DescribeFileSystems", "fsx:CreateRestoreTask"], _ => false),
    ];

    private static string Configuration(List<Right> rights)
    {
        var principals = rights.Index().Select(row =>
            $$"""{"name":"p{{row.Index}}","accessKeyId":"{{Id(row.Index)}}","secretAccessKey":"{{Secret}}","allow":[{{string.Join(',', row.Item.Patterns.Select(pattern => $"\"{pattern}\""))}}]}""");
        return $$"""{"principals":[{{string.Join(",\n", principals)}}]}""";
    }

    private static string Id(int number) => string.Create(CultureInfo.InvariantCulture, $"AKIA{number:d16}");

    private sealed record Right(IReadOnlyList<string> Patterns, Func<OperationInfo, bool> Allows);
}
