using Sluice.Protocol.Operations;
using Xunit;

namespace Sluice.SystemTests.Edge;

/// <summary>Each operation with each kind of wrong credential, against a real server.</summary>
public sealed class CredentialTests(LinkedFixture fixture) : IClassFixture<LinkedFixture>
{
    public static TheoryData<string> Kinds => [.. WrongCredentials.All.Keys];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task No_operation_is_done_with_a_credential_that_is(string kind)
    {
        var (make, expected) = WrongCredentials.All[kind];
        var samples = new OperationSamples(fixture.System);
        var before = await LinkedSystem.SnapshotAsync(fixture.Edge, Cancel);

        foreach (var operation in OperationSamples.All)
        {
            var (answer, code) = await fixture.Edge.AskAsync(make(fixture.Edge, operation, samples.BodyOf(operation)), Cancel);
            Assert.True(code == expected, $"{operation.Name}: {answer}");
        }

        Assert.Equal(before, await LinkedSystem.SnapshotAsync(fixture.Edge, Cancel));
    }

    [Fact]
    public async Task Every_operation_is_reached_with_the_right_one()
    {
        foreach (var operation in OperationSamples.All)
        {
            var (answer, code) = await fixture.Edge.AskAsync(fixture.Edge.Administrator().Signed(operation.Target, "{}"u8.ToArray()), Cancel);
            Assert.True(code is null or "BadRequest" || operation.NotOffered().Code.ToString() == code, $"{operation.Name}: {answer}");
        }
    }

    [Fact]
    public async Task A_request_that_is_sent_again_within_the_skew_is_one_request_by_its_token()
    {
        await using var edge = await EdgeServer.StartAsync(Cancel);
        var body = new OperationSamples(fixture.System).BodyOf(FsxOperations.CreateFileSystem.Info);
        var request = edge.Administrator().Signed(
            FsxOperations.CreateFileSystem.Info.Target, [.. "{\"ClientRequestToken\":\"replayed\","u8, .. body[1..]]);

        var (first, _) = await edge.AskAsync(request, Cancel);
        var (again, _) = await edge.AskAsync(request, Cancel);

        Assert.Equal(IdOf(first), IdOf(again));
    }

    private static string IdOf(RawAnswer answer)
    {
        using var document = System.Text.Json.JsonDocument.Parse(answer.Body);
        return document.RootElement.GetProperty("FileSystem").GetProperty("FileSystemId").GetString()!;
    }
}
