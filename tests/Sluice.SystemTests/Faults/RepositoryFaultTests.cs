using Sluice.TestKit;
using Xunit;

namespace Sluice.SystemTests.Faults;

/// <summary>Every call of an export, cut, truncated, refused for now, with its answer lost: the bucket holds what the files hold, and no upload is left.</summary>
public sealed class RepositoryFaultTests
{
    private static readonly string[] Operations = ["PutObject", "CreateMultipartUpload", "UploadPart", "CompleteMultipartUpload"];

    private static readonly (string Name, ProxyAction Action)[] Faults =
    [
        ("cut before the server", ProxyAction.CutBeforeForward),
        ("answer lost", ProxyAction.CutAfterForward),
        ("answer truncated", ProxyAction.TruncateAnswer),
        ("500", ProxyAction.Answer(500, "InternalError")),
        ("503", ProxyAction.Answer(503, "SlowDown")),
        ("timeout", ProxyAction.Answer(400, "RequestTimeout")),
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Cases()
    {
        var cases = new TheoryData<string, string>();
        foreach (var operation in Operations)
        {
            foreach (var (name, _) in Faults) cases.Add(operation, name);
        }

        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Is_overcome_and_leaves_nothing(string operation, string fault)
    {
        await using var export = await FaultyExport.CreateAsync(Cancel);
        export.Harm(operation, times: 2, Faults.Single(candidate => candidate.Name == fault).Action);

        var result = (await export.RunAsync(Cancel)).EnsureSuccess();

        Assert.StartsWith("SUCCEEDED: ", result.Output, StringComparison.Ordinal);
        Assert.Empty(await export.WrongAsync(Cancel));
        Assert.Empty(await export.Bucket.PendingUploadsAsync(Cancel));
        Assert.Contains(export.Proxy.Requests, request => request.Operation == operation && request.Action!.Kind != ProxyActionKind.Forward);
    }

    [Theory]
    [InlineData(403, "AccessDenied", "S3AccessDenied")]
    [InlineData(403, "InvalidAccessKeyId", "does not accept the credentials")]
    [InlineData(403, "SignatureDoesNotMatch", "does not accept the credentials")]
    [InlineData(403, "RequestTimeTooSkewed", "this machine's clock")]
    public async Task A_lasting_refusal_is_told_and_the_next_export_sends_the_rest(int status, string code, string advice)
    {
        await using var export = await FaultyExport.CreateAsync(Cancel);
        export.Proxy.Rule = request => request.StartsObject && !request.Key.StartsWith('.') ? ProxyAction.Answer(status, code) : ProxyAction.Forward;

        var result = await export.RunAsync(Cancel);

        Assert.NotEqual(0, result.ExitCode);
        var told = result.Output + result.Error + await export.FailuresAsync(Cancel);
        Assert.True(told.Contains(advice, StringComparison.Ordinal), told);
        Assert.DoesNotContain("   at ", result.Error, StringComparison.Ordinal);
        export.Proxy.Rule = _ => ProxyAction.Forward;
        (await export.RunAsync(Cancel)).EnsureSuccess();
        Assert.Empty(await export.WrongAsync(Cancel));
        Assert.Empty(await export.Bucket.PendingUploadsAsync(Cancel));
    }
}
