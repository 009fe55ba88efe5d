using Sluice.Core.Ids;

namespace Sluice.CommandLine.Client;

/// <summary>Fresh ClientRequestTokens, so that a repeated request makes nothing twice.</summary>
internal static class Tokens
{
    private static readonly RandomIdSource Source = new();

    public static string New() => Source.NewRequestId().ToString();
}
