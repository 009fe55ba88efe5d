namespace Sluice.Posix.Libc;

internal static partial class Time
{
    internal const int CLOCK_REALTIME = 0;
}
