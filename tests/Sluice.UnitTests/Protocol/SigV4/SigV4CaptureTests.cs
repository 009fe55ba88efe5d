using Sluice.Protocol.SigV4;
using Xunit;

namespace Sluice.UnitTests.Protocol.SigV4;

/// <summary>Requests as real clients sent them to a loopback port, with the secret "secret".</summary>
public sealed class SigV4CaptureTests
{
    private const string Scope = "Credential=AKIDEXAMPLE/20261123/us-east-1/fsx/aws4_request";

    private const string SdkHeaders = "amz-sdk-invocation-id;amz-sdk-request;content-length;content-type;host";

    /// <summary>Client, request.</summary>
    public static TheoryData<string, string> Captures => new()
    {
        {
            "AWS CLI 2.9.19",
            $$$$"""
            POST / HTTP/1.1
            Host: 127.0.0.1:7501
            Accept-Encoding: identity
            X-Amz-Target: AWSSimbaAPIService_v20180301.CancelDataRepositoryTask
            Content-Type: application/x-amz-json-1.1
            X-Amz-Date: 20261123T110220Z
            Authorization: AWS4-HMAC-SHA256 {{{{Scope}}}}, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=98825ab7c810a05207be4339ab484fd231e9cf04015dfdbc0898f6ca4496809f
            Content-Length: 36

            {"TaskId": "task-00000000000000000"}
            """
        },
        {
            "boto3 1.26.27",
            $$$$"""
            POST / HTTP/1.1
            X-Amz-Target: AWSSimbaAPIService_v20180301.CancelDataRepositoryTask
            Content-Type: application/x-amz-json-1.1
            host: 127.0.0.1:7501
            X-Amz-Date: 20261123T110152Z
            Authorization: AWS4-HMAC-SHA256 {{{{Scope}}}}, SignedHeaders=content-type;host;x-amz-date;x-amz-target, Signature=d42e8b1e3ee3b72eb03b85e9d5fbb3e52718aab75be6466aea1b3d116e499d8c
            amz-sdk-request: attempt=1
            Content-Length: 36

            {"TaskId": "task-00000000000000000"}
            """
        },
        {
            "AWS SDK for Go v2 1.17.1",
            $$$$"""
            POST / HTTP/1.1
            Host: 127.0.0.1:7501
            Content-Length: 35
            Amz-Sdk-Invocation-Id: c69d28c4-fe40-4011-a7c4-b7a55fdf0863
            Amz-Sdk-Request: attempt=1; max=1
            Authorization: AWS4-HMAC-SHA256 {{{{Scope}}}}, SignedHeaders={{{{SdkHeaders}}}};x-amz-date;x-amz-target, Signature=864a8b64392362d0b8f929f4a9aeea552c850fc7c999a88df46417c34bd37e37
            Content-Type: application/x-amz-json-1.1
            X-Amz-Date: 20261123T110408Z
            X-Amz-Target: AWSSimbaAPIService_v20180301.CancelDataRepositoryTask
            Accept-Encoding: gzip

            {"TaskId":"task-00000000000000000"}
            """
        },
        {
            "AWS SDK for JavaScript v3",
            $$$$"""
            POST / HTTP/1.1
            content-type: application/x-amz-json-1.1
            x-amz-target: AWSSimbaAPIService_v20180301.CreateDataRepositoryTask
            content-length: 262
            x-amz-user-agent: aws-sdk-js/3.1097.0
            host: 127.0.0.1:7501
            amz-sdk-invocation-id: 54f9c52c-7995-4050-8749-322f3e51479c
            amz-sdk-request: attempt=1; max=1
            x-amz-date: 20261123T110306Z
            x-amz-content-sha256: 5ab172e812894f1237c14ac2db270160715f3f591ddd44bf276140b183f752a5
            authorization: AWS4-HMAC-SHA256 {{{{Scope}}}}, SignedHeaders={{{{SdkHeaders}}}};x-amz-content-sha256;x-amz-date;x-amz-target;x-amz-user-agent, Signature=46aa374d7429f8abcd11c277f0657d255ad3157c0123aa41987df0d7a4a757a3

            {"Type":"RELEASE_DATA_FROM_FILESYSTEM","FileSystemId":"fs-0123456789abcdef0","Report":{"Enabled":false},"Paths":["/a","/ü"],"ClientRequestToken":"48394eae-6610-432a-9a03-11dda07518dd","ReleaseConfiguration":{"DurationSinceLastAccess":{"Unit":"DAYS","Value":3}}}
            """
        },
    };

    [Theory]
    [MemberData(nameof(Captures))]
    public void A_request_of_a_real_client_is_verified(string client, string capture)
    {
        Assert.NotEmpty(client);
        var request = RawRequest.Parse(capture);
        var verifier = new SigV4Verifier(new ExampleKeys { Secret = "secret" }, "fsx", ExampleKeys.ClockAt(request.Header("X-Amz-Date")!.Trim()));

        Assert.Equal(new VerifiedSigner("AKIDEXAMPLE", "us-east-1"), verifier.Verify(request));
    }
}
