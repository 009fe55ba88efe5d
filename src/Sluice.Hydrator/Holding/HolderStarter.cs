using System.Diagnostics;
using Sluice.Posix;

namespace Sluice.Hydrator.Holding;

/// <summary>Starts the holder where none runs, as a process of its own that outlives this one.</summary>
internal sealed class HolderStarter(HydratorOptions options)
{
    private const int Attempts = 5;

    private readonly HydratorFiles _files = new(options.DataDirectory);

    /// <summary>A conversation with the holder, started if need be.</summary>
    /// <exception cref="IOException">It can't be started.</exception>
    public HolderClient Connect()
    {
        for (var attempt = 1; attempt <= Attempts; attempt++)
        {
            if (HolderClient.TryConnect(_files) is { } client) return client;
            Start();
        }

        return HolderClient.TryConnect(_files) ?? throw new IOException($"The holder of '{options.DataDirectory}' does not answer.");
    }

    /// <summary>Starts one and waits until it can be asked. It is no error when another is running by then.</summary>
    private void Start()
    {
        _files.Make();
        string[] command = [.. options.HolderCommand ?? Program(), "hold", "--data", options.DataDirectory, "--detach"];
        var start = new ProcessStartInfo(command[0], command.Skip(1)) { RedirectStandardOutput = true, WorkingDirectory = "/" };

        // A service manager that runs this process must not take the holder for it.
        foreach (var name in new[] { "NOTIFY_SOCKET", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_PID", "WATCHDOG_USEC" })
            start.Environment.Remove(name);
        using var process = Process.Start(start) ?? throw new IOException($"'{command[0]}' does not start.");

        // A line when it can be asked; the end when it could not start, having told why on standard error.
        _ = process.StandardOutput.ReadLine();
    }

    private static string[] Program()
    {
        var assembly = Path.Combine(AppContext.BaseDirectory, "sluice.dll");
        var process = Environment.ProcessPath;
        if (process is not null && Path.GetFileName(process) is "dotnet" && File.Exists(assembly)) return [process, assembly];
        if (process is not null && Path.GetFileName(process) is "sluice") return [process];
        return File.Exists(assembly) ? ["dotnet", assembly] : throw new PosixException(Errno.ENOENT, "open", assembly);
    }
}
