using System.Runtime.InteropServices;
using System.Text;
using Xunit;

namespace Sluice.UnitTests.Posix;

/// <summary>Exchanges two names as fast as it can (renameat2(2) with RENAME_EXCHANGE) on a thread of its own, until disposed.</summary>
internal sealed class RenameExchange : IDisposable
{
    private const int AtFdCwd = -100;
    private const uint Exchange = 2;

    private readonly byte[] _one;
    private readonly byte[] _other;
    private readonly Thread _thread;
    private volatile bool _isOver;
    private volatile int _failures;
    private int _exchanges;

    internal RenameExchange(string one, string other)
    {
        _one = Encoding.UTF8.GetBytes(one + "\0");
        _other = Encoding.UTF8.GetBytes(other + "\0");
        _thread = new Thread(Run) { IsBackground = true, Name = "rename exchange" };
        _thread.Start();
    }

    public void Dispose()
    {
        _isOver = true;
        _thread.Join();
        Assert.Equal(0, _failures);
        Assert.True(_exchanges > 100, $"Only {_exchanges} exchanges: the race was none.");
    }

    private void Run()
    {
        while (!_isOver)
        {
            if (renameat2(AtFdCwd, _one, AtFdCwd, _other, Exchange) != 0)
                _failures++;
            _exchanges++;
        }
    }

#pragma warning disable SYSLIB1054, IDE1006 // This project has no unsafe code, which generated bindings need.
    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int renameat2(int oldDirectory, byte[] oldPath, int newDirectory, byte[] newPath, uint flags);
}
