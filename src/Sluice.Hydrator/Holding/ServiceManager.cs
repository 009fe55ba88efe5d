using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sluice.Posix;

namespace Sluice.Hydrator.Holding;

/// <summary>systemd, where it runs the holder: it keeps the descriptors when the holder ends (sd_notify(3), sd_listen_fds(3)).</summary>
internal sealed class ServiceManager : IDisposable
{
    private const int FirstDescriptor = 3;

    private readonly Socket _socket;

    private ServiceManager(Socket socket) => _socket = socket;

    /// <summary>The service manager; null where there is none.</summary>
    /// <param name="variable">The environment.</param>
    public static ServiceManager? Find(Func<string, string?> variable)
    {
        if (variable("NOTIFY_SOCKET") is not { Length: > 0 } path) return null;
        var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path[0] == '@' ? '\0' + path[1..] : path));
        return new ServiceManager(socket);
    }

    /// <summary>What it kept for this process.</summary>
    public static IReadOnlyDictionary<string, Fd> Stored(Func<string, string?> variable)
    {
        var stored = new Dictionary<string, Fd>();
        if (variable("LISTEN_PID") != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)) return stored;
        if (!int.TryParse(variable("LISTEN_FDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return stored;
        var names = (variable("LISTEN_FDNAMES") ?? "").Split(':');
        for (var index = 0; index < count; index++)
        {
            var descriptor = Fd.Inherited(FirstDescriptor + index);
            if (index >= names.Length || HeldName.Parse(names[index]) is null || !stored.TryAdd(names[index], descriptor)) descriptor.Dispose();
        }

        return stored;
    }

    /// <summary>Tells that the holder can be asked.</summary>
    public void Ready() => Send("READY=1");

    /// <summary>Gives it a descriptor to keep.</summary>
    public void Store(string name, Fd descriptor) =>
        DescriptorPassing.Send(_socket, Encoding.ASCII.GetBytes($"FDSTORE=1\nFDPOLL=0\nFDNAME={name}"), descriptor);

    /// <summary>It need not keep it any more.</summary>
    public void Remove(string name) => Send($"FDSTOREREMOVE=1\nFDNAME={name}");

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Send(string state) => _socket.Send(Encoding.ASCII.GetBytes(state));
}
