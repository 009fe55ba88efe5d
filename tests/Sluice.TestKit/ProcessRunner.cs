using System.Diagnostics;

namespace Sluice.TestKit;

/// <summary>
/// A running program in a session of its own, so that everything it starts can be killed with it. Output is kept line by line and can be
/// waited for. Disposal kills the whole group.
/// </summary>
public sealed class ProcessRunner : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task _reading;
    private readonly LineLog _output = new();
    private readonly LineLog _error = new();
    private bool _isDisposed;

    private ProcessRunner(Process process)
    {
        _process = process;
        Id = process.Id;
        _reading = Task.WhenAll(_output.ReadAsync(process.StandardOutput), _error.ReadAsync(process.StandardError));
    }

    /// <summary>Process id, which is also the id of its process group.</summary>
    public int Id { get; }

    /// <summary>True when it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Lines of standard output so far.</summary>
    public IReadOnlyList<string> OutputLines => _output.Lines;

    /// <summary>Lines of standard error so far.</summary>
    public IReadOnlyList<string> ErrorLines => _error.Lines;

    /// <summary>Starts a program.</summary>
    public static async Task<ProcessRunner> StartAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        // setsid(1) replaces itself with the program (a forked child leads no group), so the id is the program's own.
        var start = new ProcessStartInfo("/usr/bin/setsid", [spec.FileName, .. spec.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = spec.WorkingDirectory ?? Environment.CurrentDirectory,
        };
        foreach (var (name, value) in spec.Environment)
            start.Environment[name] = value;
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{spec.FileName} did not start.");
        var runner = new ProcessRunner(process);
        try
        {
            await process.StandardInput.WriteAsync(spec.Input.AsMemory(), cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended, or closed its input, without reading it all. That is its affair; how it ended will tell.
        }

        return runner;
    }

    /// <summary>
    /// Runs a program to its end. One that takes longer than <see cref="ProcessSpec.Timeout"/> is killed: TimeoutException.
    /// </summary>
    public static async Task<ProcessResult> RunAsync(ProcessSpec spec, CancellationToken cancellationToken)
    {
        await using var runner = await StartAsync(spec, cancellationToken);
        return await runner.WaitAsync(spec.Timeout, cancellationToken);
    }

    /// <summary>
    /// The first line of standard output, past or to come, for which <paramref name="match"/> holds. InvalidOperationException when the
    /// program ends without it, TimeoutException when it does not come in time; both tell all that was said.
    /// </summary>
    public async Task<string> WaitForLineAsync(Func<string, bool> match, TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            if (await _output.WaitForAsync(match).WaitAsync(timeout, cancellationToken) is { } line)
                return line;
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"The awaited line did not come in {timeout}.\n{Said}", e);
        }

        var result = await WaitAsync(timeout, cancellationToken);
        throw new InvalidOperationException($"The program ended with {result.ExitCode} before the awaited line.\n{Said}");
    }

    /// <summary>Waits for its end.</summary>
    public async Task<ProcessResult> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        try
        {
            await _process.WaitForExitAsync(cancellationToken).WaitAsync(timeout, cancellationToken);
            // What it started may hold its output open; its own lines are there by then.
            await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(1), cancellationToken));
            return new(_process.ExitCode, _output.Text, _error.Text);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{_process.StartInfo.ArgumentList[0]} did not end in {timeout}.\n{Said}", e);
        }
    }

    /// <summary>Asks it to end (SIGTERM, to the program alone).</summary>
    public void Terminate() => Signal(Id, Libc.SIGTERM);

    /// <summary>Has it do nothing (SIGSTOP) while <paramref name="meanwhile"/> runs; a system call that is under way is given the time to end.</summary>
    public async Task PauseAsync(Func<Task> meanwhile)
    {
        Signal(Id, Libc.SIGSTOP);
        try
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
            await meanwhile();
        }
        finally
        {
            Signal(Id, Libc.SIGCONT);
        }
    }

    /// <summary>Sends any signal to the program alone.</summary>
    public void Signal(int signal) => Signal(Id, signal);

    /// <summary>Kills it and all it started (SIGKILL to the group) and waits until the program is gone.</summary>
    public Task KillAsync()
    {
        Signal(-Id, Libc.SIGKILL);
        return _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>Kills what is left of its group.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        await KillAsync();
        await Task.WhenAny(_reading, Task.Delay(TimeSpan.FromSeconds(1)));
        _process.Dispose();
    }

    private static void Signal(int target, int signal)
    {
        // No such process: it has ended, which is what the caller wants.
        if (Libc.kill(target, signal) != 0 && System.Runtime.InteropServices.Marshal.GetLastPInvokeError() != Libc.ESRCH)
            throw Libc.Failed($"kill {target}", []);
    }

    private string Said => $"{_error.Text}{_output.Text}";
}
