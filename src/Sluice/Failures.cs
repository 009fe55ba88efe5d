using System.Net.Sockets;
using Sluice.Catalog;
using Sluice.Hydrator.Mounting;
using Sluice.Posix;
using Sluice.Protocol.Client;
using Sluice.Repositories;
using Sluice.Server;

namespace Sluice.CommandLine;

/// <summary>What an exception means to the user: a message without a stack trace, and an exit code.</summary>
internal static class Failures
{
    /// <summary>The exit code; null for what no input explains: a fault of the program, shown with its stack trace.</summary>
    public static int? ExitCodeOf(Exception e) => e switch
    {
        UsageException => ExitCodes.Usage,
        FsxClientException => ExitCodes.Refused,
        HttpRequestException or SocketException or DataDirectoryInUseException or CatalogException or InvalidDataException => ExitCodes.Unavailable,
        PosixException or RepositoryException or MountRefusedException => ExitCodes.Failed,
        IOException or UnauthorizedAccessException => ExitCodes.Unavailable,
        OperationCanceledException => ExitCodes.Interrupted,
        _ => null,
    };

    /// <summary>The message.</summary>
    public static string MessageOf(Exception e) => e switch
    {
        FsxClientException refused => $"{refused.Code}: {refused.Message}",
        OperationCanceledException => "interrupted",
        _ => e.Message,
    };
}
