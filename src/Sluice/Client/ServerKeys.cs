using Sluice.Protocol.Client;
using Sluice.Protocol.SigV4;
using Sluice.Server.Security;

namespace Sluice.CommandLine.Client;

/// <summary>Keys for the API and where they are from, for messages.</summary>
/// <param name="Credentials">The keys.</param>
/// <param name="Source">Where they are from, as it ends the sentence 'The keys are …'.</param>
internal sealed record ServerKeys(SigningCredentials Credentials, string Source)
{
    /// <summary>
    /// Finds keys: of the profile asked for; else in the data directory's credentials file; else <c>AWS_ACCESS_KEY_ID</c> and
    /// <c>AWS_SECRET_ACCESS_KEY</c>; else of the profile <c>AWS_PROFILE</c>. Profiles are looked up in <c>AWS_SHARED_CREDENTIALS_FILE</c>, else
    /// <c>~/.aws/credentials</c>.
    /// </summary>
    /// <exception cref="UsageException">There are none, or the profile is not there.</exception>
    public static ServerKeys Find(CommandContext context, string dataDirectory, string? profile)
    {
        if (profile is not null) return OfProfile(context, profile);
        var file = CredentialsFile.PathIn(dataDirectory);
        if (File.Exists(file)) return Of(CredentialsFile.Load(file), file, CredentialsFile.Profile);
        if (context.Variable("AWS_ACCESS_KEY_ID") is { } id && context.Variable("AWS_SECRET_ACCESS_KEY") is { } secret)
        {
            var credentials = new SigningCredentials { AccessKeyId = id, SecretAccessKey = secret, SessionToken = context.Variable("AWS_SESSION_TOKEN") };
            return new ServerKeys(credentials, "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
        }

        return context.Variable("AWS_PROFILE") is { } named
            ? OfProfile(context, named)
            : throw new UsageException(
                $"There are no keys: neither '{file}' nor AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY nor AWS_PROFILE. "
                + "Name the server's data directory with --data, or a profile with --profile.");
    }

    /// <summary>Whether a refusal is about the keys.</summary>
    public static bool AreRefusedBy(FsxClientException refusal) =>
        refusal.Status is 401 or 403 || refusal.Code is "InvalidSignatureException" or "UnrecognizedClientException" or "IncompleteSignatureException"
            or "InvalidClientTokenId" or "MissingAuthenticationTokenException";

    private static ServerKeys OfProfile(CommandContext context, string profile)
    {
        var file = context.Variable("AWS_SHARED_CREDENTIALS_FILE")
            ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".aws", "credentials");
        if (!File.Exists(file)) throw new UsageException($"The profile '{profile}' can't be looked up: there is no file '{file}'.");
        try
        {
            return Of(CredentialsFile.Load(file, profile), file, profile);
        }
        catch (InvalidDataException e)
        {
            throw new UsageException(e.Message);
        }
    }

    private static ServerKeys Of(Principal principal, string file, string profile) => new(
        new SigningCredentials { AccessKeyId = principal.AccessKeyId, SecretAccessKey = principal.SecretAccessKey }, $"those of profile [{profile}] in '{file}'");
}
