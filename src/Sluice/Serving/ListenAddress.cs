using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Sluice.CommandLine.Serving;

/// <summary>What <c>--listen</c> takes: <c>HOST:PORT</c>, the host an IPv4 address, an IPv6 address in brackets, or <c>localhost</c>.</summary>
internal static class ListenAddress
{
    /// <summary>The address unless told otherwise.</summary>
    public const string Default = "127.0.0.1:7580";

    /// <summary>Reads an address.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static IPEndPoint Parse(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon <= 0) throw Invalid(text, "there is no port");
        if (!ushort.TryParse(text[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port))
            throw Invalid(text, $"'{text[(colon + 1)..]}' is no port from 0 to 65535");
        var host = text[..colon];
        return new IPEndPoint(ParseHost(host) ?? throw Invalid(text, $"'{host}' is no IP address"), port);
    }

    private static IPAddress? ParseHost(string host)
    {
        if (host == "localhost") return IPAddress.Loopback;
        var isBracketed = host.StartsWith('[') && host.EndsWith(']');
        if (!IPAddress.TryParse(isBracketed ? host[1..^1] : host, out var address)) return null;

        // An IPv6 address without brackets would swallow the port; of IPv4, '1' is a form nobody means.
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? (isBracketed ? address : null)
            : !isBracketed && host.Count(c => c == '.') == 3 ? address
            : null;
    }

    private static UsageException Invalid(string text, string reason) =>
        new($"The address '{text}' can't be listened on: {reason}; expected IP:PORT, as {Default} or [::1]:7580.");
}
