using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Sluice.Posix;

namespace Sluice.Hydrator.Holding;

/// <summary>A conversation with the holder. Not for use by several threads.</summary>
internal sealed class HolderClient : IDisposable
{
    private const int TimeoutMilliseconds = 10_000;

    private readonly NetworkStream _stream;
    private readonly StreamReader _reader;
    private readonly int _processId;

    private HolderClient(Socket socket)
    {
        socket.SendTimeout = socket.ReceiveTimeout = TimeoutMilliseconds;
        _processId = DescriptorPassing.PeerOf(socket).ProcessId;
        _stream = new NetworkStream(socket, ownsSocket: true);
        _reader = new StreamReader(_stream, Encoding.ASCII);
    }

    /// <summary>The holder; null when there is none, or it is about to end.</summary>
    public static HolderClient? TryConnect(HydratorFiles files)
    {
        if (HolderSocket.TryConnect(files) is not { } socket) return null;
        var client = new HolderClient(socket);
        try
        {
            _ = client.List();
            return client;
        }
        catch (IOException)
        {
            client.Dispose();
            return null;
        }
    }

    /// <summary>Has it let go of all there is, for what is about to be deleted.</summary>
    public static void DropAll(string dataDirectory)
    {
        using var client = TryConnect(new HydratorFiles(dataDirectory));
        if (client is null) return;
        foreach (var name in client.List().Keys.OrderBy(name => name.Part)) client.Drop(name);
    }

    /// <summary>Gives the holder a descriptor.</summary>
    /// <returns>False when it has another by this name.</returns>
    /// <exception cref="IOException">It can't be asked.</exception>
    public bool Hold(HeldName name, Fd descriptor)
    {
        var answer = Ask(string.Create(CultureInfo.InvariantCulture, $"HOLD {name} {descriptor.Number}"));
        GC.KeepAlive(descriptor);
        return answer switch
        {
            "OK" => true,
            "HELD" => false,
            _ => throw new IOException($"The holder did not take '{name}': {answer}"),
        };
    }

    /// <summary>Has it let go of a descriptor.</summary>
    public void Drop(HeldName name)
    {
        if (Ask($"DROP {name}") is var answer and not "OK") throw new IOException($"The holder did not drop '{name}': {answer}");
    }

    /// <summary>What it holds, with the numbers.</summary>
    public IReadOnlyDictionary<HeldName, int> List()
    {
        var lines = new List<string>();
        for (var line = Ask("LIST"); line != "OK"; line = ReadLine())
        {
            if (line.StartsWith("ERROR", StringComparison.Ordinal)) throw new IOException($"The holder did not tell what it holds: {line}");
            lines.Add(line);
        }

        return Parse(lines);
    }

    /// <summary>Its descriptor, as one's own; null when it does not have it any more.</summary>
    public Fd? Take(HeldName name)
    {
        if (!List().TryGetValue(name, out var number)) return null;
        var taken = FileSystemCalls.TakeDescriptor(_processId, number);

        // Dropped meanwhile, the number may have been another file's.
        if (List().TryGetValue(name, out var again) && again == number) return taken;
        taken.Dispose();
        return null;
    }

    /// <summary>Lines of name and number.</summary>
    public static IReadOnlyDictionary<HeldName, int> Parse(IEnumerable<string> lines)
    {
        var held = new Dictionary<HeldName, int>();
        foreach (var line in lines)
        {
            if (line.Split(' ') is [var name, var number] && HeldName.Parse(name) is { } parsed)
                held[parsed] = int.Parse(number, CultureInfo.InvariantCulture);
        }

        return held;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _reader.Dispose();
        _stream.Dispose();
    }

    private string Ask(string line)
    {
        _stream.Write(Encoding.ASCII.GetBytes(line + "\n"));
        return ReadLine();
    }

    private string ReadLine() => _reader.ReadLine() ?? throw new IOException("The holder has ended.");
}
