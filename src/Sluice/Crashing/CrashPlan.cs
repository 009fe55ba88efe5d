using System.Diagnostics;
using System.Globalization;
using System.Text;
using Sluice.Core.Crashing;

namespace Sluice.CommandLine.Crashing;

/// <summary>
/// What a test asks of this process by its environment: to note the crash points it passes, and to die at one of them.
/// <code>
/// SLUICE_CRASH_LOG=FILE   each passing adds a line, the point's name
/// SLUICE_CRASH_AT=FILE    while FILE says POINT#N, the process removes FILE and kills itself at the N-th passing of POINT; counted anew whenever what FILE says
///                         changes
/// </code>
/// </summary>
internal sealed class CrashPlan
{
    private readonly Lock _lock = new();
    private readonly FileStream? _log;
    private readonly string? _orderFile;
    private string _order = "";
    private int _passed;

    private CrashPlan(FileStream? log, string? orderFile) => (_log, _orderFile) = (log, orderFile);

    /// <summary>Watches the crash points if the environment asks for it.</summary>
    public static void Adopt(CommandContext context)
    {
        var (log, order) = (context.Variable("SLUICE_CRASH_LOG"), context.Variable("SLUICE_CRASH_AT"));
        if (log is null && order is null) return;

        // Each line outlives the process, so it is handed to the kernel at once.
        var file = log is null ? null : new FileStream(log, new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.ReadWrite, BufferSize = 0 });
        CrashPoint.Watch(new CrashPlan(file, order).Pass);
    }

    private void Pass(string point)
    {
        lock (_lock)
        {
            var isOrdered = _orderFile is not null && IsOrdered(point);

            // Dying takes a while: who looks for the file knows that it has begun, before anything tells of the passing.
            if (isOrdered) File.Delete(_orderFile!);
            _log?.Write(Encoding.ASCII.GetBytes($"{point}\n"));
            if (isOrdered) Die();
        }
    }

    private bool IsOrdered(string point)
    {
        var order = ReadOrder();
        if (order != _order) (_order, _passed) = (order, 0);
        var words = order.Split('#', ' ', '\n');
        return words[0] == point && ++_passed == int.Parse(words[1], CultureInfo.InvariantCulture);
    }

    private string ReadOrder()
    {
        try
        {
            return File.ReadAllText(_orderFile!);
        }
        catch (FileNotFoundException)
        {
            return "";
        }
    }

    private static void Die()
    {
        using var self = Process.GetCurrentProcess();
        self.Kill();

        // The signal may find this thread last: it must not pass the point.
        self.WaitForExit();
    }
}
