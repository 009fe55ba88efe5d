namespace Sluice.Posix.Libc;

internal static partial class Fcntl
{
    internal const int F_RDLCK = 0;
}
