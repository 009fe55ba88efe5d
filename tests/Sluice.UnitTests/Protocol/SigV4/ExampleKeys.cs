using Microsoft.Extensions.Time.Testing;
using Sluice.Protocol.SigV4;

namespace Sluice.UnitTests.Protocol.SigV4;

/// <summary>The key of AWS's published examples.</summary>
internal sealed class ExampleKeys : ISigningKeys
{
    public const string AccessKeyId = "AKIDEXAMPLE";

    public const string SecretAccessKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    public string? SessionToken { get; init; }

    public DateTimeOffset? Expiration { get; init; }

    public string Secret { get; set; } = SecretAccessKey;

    public SigningSecret? Find(string accessKeyId) => accessKeyId == AccessKeyId
        ? new SigningSecret { SecretAccessKey = Secret, SessionToken = SessionToken, Expiration = Expiration }
        : null;

    public static FakeTimeProvider ClockAt(string amzDate) =>
        AmzDate.TryParse(amzDate, out var instant) ? new FakeTimeProvider(instant) : throw new ArgumentException(amzDate, nameof(amzDate));

    public static SigningCredentials Credentials(string? sessionToken = null) =>
        new() { AccessKeyId = AccessKeyId, SecretAccessKey = SecretAccessKey, SessionToken = sessionToken };
}
