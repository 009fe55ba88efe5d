using System.Globalization;
using System.Text;

namespace Sluice.Posix;

/// <summary>A mount, as a line of <c>/proc/PID/mountinfo</c> tells it (proc(5)).</summary>
/// <param name="Id">The mount's id.</param>
/// <param name="Device">The superblock's device number, encoded as in <c>st_dev</c>. On Btrfs, <c>st_dev</c> itself differs from subvolume to subvolume.</param>
/// <param name="Path">Where it is mounted.</param>
/// <param name="Type">The file system's type.</param>
/// <param name="Source">What is mounted.</param>
/// <param name="Options">The superblock's options.</param>
public sealed record MountEntry(int Id, ulong Device, string Path, string Type, string Source, string Options);

/// <summary>The mounts that a process sees.</summary>
public static class MountTable
{
    /// <summary>Those of this process.</summary>
    public static IReadOnlyList<MountEntry> Read() => Parse(File.ReadLines("/proc/self/mountinfo"));

    /// <summary>Those of another process; none when it is gone or may not be looked at.</summary>
    public static IReadOnlyList<MountEntry> ReadOf(int processId)
    {
        try
        {
            return Parse(File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{processId}/mountinfo")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The mount on which an open file lies; null for one that no path leads to.</summary>
    public static MountEntry? Of(Fd file)
    {
        const string Field = "mnt_id:";
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{file.Number}")).First(text => text.StartsWith(Field, StringComparison.Ordinal));
        var id = int.Parse(line[Field.Length..], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
        return Read().FirstOrDefault(mount => mount.Id == id);
    }

    internal static IReadOnlyList<MountEntry> Parse(IEnumerable<string> lines)
    {
        var mounts = new List<MountEntry>();
        foreach (var line in lines)
        {
            // id parent major:minor root path options [tag…] - type source options
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash < 6 || fields.Length < dash + 3 || fields[2].Split(':') is not [var major, var minor]) continue;
            var device = FileStatus.DeviceNumber(uint.Parse(major, CultureInfo.InvariantCulture), uint.Parse(minor, CultureInfo.InvariantCulture));
            mounts.Add(new MountEntry(int.Parse(fields[0], CultureInfo.InvariantCulture), device, Unescape(fields[4]), fields[dash + 1], Unescape(fields[dash + 2]), fields.Length > dash + 3 ? Unescape(fields[dash + 3]) : ""));
        }

        return mounts;
    }

    /// <summary>Space, tab, newline and backslash stand as a backslash and three octal digits.</summary>
    private static string Unescape(string text)
    {
        if (!text.Contains('\\', StringComparison.Ordinal)) return text;
        var plain = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\\' && i + 3 < text.Length && text.AsSpan(i + 1, 3).IndexOfAnyExceptInRange('0', '7') < 0)
            {
                plain.Append((char)Convert.ToInt32(text.Substring(i + 1, 3), 8));
                i += 3;
            }
            else
            {
                plain.Append(text[i]);
            }
        }

        return plain.ToString();
    }
}
