using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Sluice.Posix.Libc;

namespace Sluice.Posix;

/// <summary>What makes this process outlive the one that started it (daemon(7)).</summary>
public static class DaemonProcess
{
    /// <summary>A session of its own, nothing to read from or to write to, and <c>/</c> as the working directory.</summary>
    /// <exception cref="PosixException">EPERM: it leads a process group.</exception>
    public static void Detach()
    {
        if (Unistd.setsid() < 0) throw new PosixException(PosixException.LastErrno(), "setsid");
        Environment.CurrentDirectory = "/";
        using var nothing = FileSystemCalls.OpenString("/dev/null", Fcntl.O_RDWR, mode: 0);
        for (var number = 0; number <= 2; number++)
        {
            if (Unistd.dup2(nothing, number) < 0) throw new PosixException(PosixException.LastErrno(), "dup2");
        }
    }

    /// <summary>Hangups, closed pipes and lease breaks do not end it.</summary>
    public static void IgnoreSignals()
    {
        foreach (var signal in new[] { Csignal.SIGHUP, Csignal.SIGPIPE, Csignal.SIGIO })
        {
            if (!Csignal.Ignore(signal)) throw new PosixException(PosixException.LastErrno(), "signal");
        }
    }

    /// <summary>Asks the kernel to take other processes when memory runs out. Without the right to, nothing changes.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "A wish, not a need.")]
    public static void PreferToLive()
    {
        try
        {
            File.WriteAllText("/proc/self/oom_score_adj", (-1000).ToString(CultureInfo.InvariantCulture));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }
}
