using System.CommandLine;
using System.Runtime.InteropServices;
using Sluice.CommandLine.Help;
using Sluice.Hydrator.Holding;
using Sluice.Posix;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice hold</c>.</summary>
internal static class HoldCommand
{
    private const string Details =
        """
        It does nothing but keep open what makes the kernel ask before files without data are read, so that readers wait, and never see zeros,
        while servers and workers are down. Whatever needs it starts it; it ends when there is nothing to keep. Do not kill it.

        Run by systemd with FileDescriptorStoreMax=, it has systemd keep the descriptors as well.
        """;

    public static Command Make(CommandContext context)
    {
        var data = SharedOptions.Data();
        var detach = new Option<bool>("--detach") { Description = "Go on in a session of its own.", Hidden = true };
        var command = new DocumentedCommand("hold", "Keep file systems guarded while no server runs.", ["sluice hold --data /var/lib/sluice"]) { data, detach };
        command.Details = Details;
        command.SetAction((parsed, token) => HoldAsync(context, Path.GetFullPath(parsed.GetValue(data) ?? context.DefaultData), parsed.GetValue(detach), token));
        return command;
    }

    private static async Task<int> HoldAsync(CommandContext context, string data, bool detach, CancellationToken cancellationToken)
    {
        DaemonProcess.IgnoreSignals();
        DaemonProcess.PreferToLive();
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using var holder = await Holder.StartAsync(data, context.Variable, context.Time, cancellationToken);
        if (holder is null)
        {
            await context.Out.WriteLineAsync($"A holder runs for {data} already");
            return ExitCodes.Success;
        }

        // Who holds something does not go because somebody asks all processes to; a service manager, which keeps it, may.
        void OnSignal(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (holder.HasServiceManager) end.Cancel();
            else holder.EndIfEmpty();
        }

        using var onTerminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
        using var onInterrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
        await context.Out.WriteLineAsync($"Holding for {data}");
        await context.Out.FlushAsync(cancellationToken);
        if (detach) DaemonProcess.Detach();
        await holder.RunAsync(end.Token);
        return ExitCodes.Success;
    }
}
