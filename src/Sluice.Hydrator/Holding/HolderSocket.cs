using System.Globalization;
using System.Net.Sockets;
using Sluice.Posix;

namespace Sluice.Hydrator.Holding;

/// <summary>The holder's socket, <c>hydrator/holder.sock</c>. It is reached through <c>/proc/self/fd</c>: a socket's path may have 107 bytes only.</summary>
internal static class HolderSocket
{
    private const string Name = "holder.sock";

    /// <summary>Listens. Whatever was there before is gone: the caller has the holder's lock.</summary>
    public static Socket Listen(HydratorFiles files)
    {
        Remove(files);
        var socket = Make();
        try
        {
            using var folder = FileSystemCalls.OpenRoot(files.Folder);
            socket.Bind(EndPoint(folder));
            File.SetUnixFileMode(Path.Combine(files.Folder, Name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
            socket.Listen();
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Removes the socket's name.</summary>
    public static void Remove(HydratorFiles files) => File.Delete(Path.Combine(files.Folder, Name));

    /// <summary>Connects; null when there is no holder.</summary>
    public static Socket? TryConnect(HydratorFiles files)
    {
        if (!File.Exists(Path.Combine(files.Folder, Name))) return null;
        var socket = Make();
        try
        {
            using var folder = FileSystemCalls.OpenRoot(files.Folder);
            socket.Connect(EndPoint(folder));
            return socket;
        }
        catch (Exception e) when (e is SocketException or PosixException)
        {
            socket.Dispose();
            return null;
        }
    }

    private static Socket Make() => new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);

    private static UnixDomainSocketEndPoint EndPoint(Fd folder) => new(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{folder.Number}/{Name}"));
}
