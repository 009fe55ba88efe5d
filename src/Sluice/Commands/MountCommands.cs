using System.CommandLine;
using Sluice.CommandLine.Help;
using Sluice.Hydrator;
using Sluice.Hydrator.Hydration;
using Sluice.Hydrator.Mounting;

namespace Sluice.CommandLine.Commands;

/// <summary><c>sluice mount</c> and <c>sluice umount</c>.</summary>
internal static class MountCommands
{
    private const string MountDetails =
        """
        For file systems whose files are released or imported: the kernel asks before any of their files is opened, from before the mount can
        be seen, and until 'sluice umount'. Files without data are restored then; the first access to any other file costs some microseconds.

        ext4, XFS or Btrfs; Linux 6.15 or later. An image file gets a loop device, which goes with the mount. The file system must not be
        mounted elsewhere, and the data directory and this program must not lie on it. While no 'sluice serve' or 'sluice hydrate' runs with
        the same data directory, whoever opens a file waits. After a reboot, mount it again with this command: in /etc/fstab it would be
        unguarded.
        """;

    private const string UmountDetails =
        """
        It is refused while anybody uses the file system, and says who. Also for other file systems with files without data, of a server with
        --guard-shared: their devices are kept in use otherwise. Only when nobody can reach it any more, it stops being guarded; if that
        does not come to be, it stays guarded and the command can be run again.
        """;

    /// <summary><c>sluice mount</c>.</summary>
    public static Command Mount(CommandContext context)
    {
        var source = new Argument<string>("DEVICE|IMAGE") { Description = "Block device, or image file." };
        var directory = new Argument<string>("DIR") { Description = "Existing directory to mount on." };
        var data = SharedOptions.Data();
        var options = new Option<string[]>("--options", "-o") { Description = "Options as of mount(8), separated by commas.", HelpName = "OPTIONS" };
        var command = new DocumentedCommand(
            "mount", "Mount a file system so that its files can be released.",
            ["sluice mount /dev/nvme1n1 /scratch", "sluice mount -o noatime,nodev /srv/scratch.img /scratch --data /var/lib/sluice"])
        {
            source, directory, data, options,
        };
        command.Details = MountDetails;
        command.SetAction(async (parsed, token) =>
        {
            var (from, to) = (parsed.GetRequiredValue(source), parsed.GetRequiredValue(directory));
            string[] chosen = [.. (parsed.GetValue(options) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries))];
            var owner = Path.GetFullPath(parsed.GetValue(data) ?? context.DefaultData);
            var type = await Mounts(context, owner).MountAsync(from, to, chosen, token);
            await context.Out.WriteLineAsync($"Mounted {from} ({type}) on {to}; it is guarded");
            if (HydratorService.WorkerOf(owner) is null)
                await context.Error.WriteLineAsync($"Whoever opens a file on it waits until 'sluice serve' or 'sluice hydrate' runs with --data {owner}.");
            return ExitCodes.Success;
        });
        return command;
    }

    /// <summary><c>sluice umount</c>.</summary>
    public static Command Umount(CommandContext context)
    {
        var directory = new Argument<string>("DIR") { Description = "Directory that 'sluice mount' mounted on." };
        var data = SharedOptions.Data();
        var command = new DocumentedCommand("umount", "Unmount what 'sluice mount' has mounted.", ["sluice umount /scratch"]) { directory, data };
        command.Details = UmountDetails;
        command.SetAction(async (parsed, token) =>
        {
            await Mounts(context, parsed.GetValue(data)).UnmountAsync(parsed.GetRequiredValue(directory), token);
            return ExitCodes.Success;
        });
        return command;
    }

    private static GuardedMounts Mounts(CommandContext context, string? data) =>
        new(new HydratorOptions { DataDirectory = Path.GetFullPath(data ?? context.DefaultData) }, context.Time);
}
