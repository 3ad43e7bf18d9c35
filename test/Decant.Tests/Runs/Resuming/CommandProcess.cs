using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace Decant.Tests.Runs.Resuming;

/// <summary>The real command line in a process of its own, which can be killed.</summary>
internal sealed class CommandProcess : IDisposable
{
    private const int Term = 15;

    private readonly Process _process;
    private readonly StringBuilder _said = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    private CommandProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public TimeSpan Elapsed => _clock.Elapsed;

    /// <summary>Both streams, as far as they have come.</summary>
    public string Said
    {
        get
        {
            lock (_said) return _said.ToString();
        }
    }

    public static CommandProcess Start(string folder, params string[] args) => Start(folder, new Dictionary<string, string?>(), args);

    /// <summary>The same, with variables of its environment; null: without.</summary>
    public static CommandProcess Start(string folder, IReadOnlyDictionary<string, string?> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Decant.Cli.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        start.Environment["OMP_WAIT_POLICY"] = "PASSIVE";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new CommandProcess(Process.Start(start)!);
    }

    /// <summary>Waits until something is so, or the process is gone.</summary>
    public bool Until(Func<bool> isSo)
    {
        while (!isSo())
        {
            if (_process.HasExited || _clock.Elapsed > TimeSpan.FromSeconds(60)) return isSo();
            Thread.Sleep(2);
        }

        return true;
    }

    /// <summary>SIGKILL: nothing in the process runs after it.</summary>
    public void Kill() => _process.Kill();

    /// <summary>SIGTERM; the exit code, and the processor time that it took to end: a machine that is busy does not make it more.</summary>
    public (int Exit, TimeSpan Processor) Terminate()
    {
        var (before, last) = (ProcessorTime(TimeSpan.Zero), TimeSpan.Zero);
        Assert.Equal(0, Signal(_process.Id, Term));
        while (!_process.WaitForExit(5) && _clock.Elapsed < TimeSpan.FromSeconds(90))
            last = ProcessorTime(last);
        return (Wait(), last - before);
    }

    /// <summary>Whether it has a file open, as Linux tells it.</summary>
    public bool HasOpen(string path)
    {
        try
        {
            return Directory.GetFiles($"/proc/{_process.Id}/fd").Any(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.FullName == path);
        }
        catch (IOException)
        {
            return false; // it closed one meanwhile, or ended
        }
    }

    /// <summary>Waits for its end; the exit code, and the most main memory that it had, in bytes (VmHWM of Linux).</summary>
    public (int Exit, long Peak) WaitMeasured()
    {
        var peak = 0L;
        while (!_process.WaitForExit(5))
        {
            var line = ReadStatus().FirstOrDefault(l => l.StartsWith("VmHWM:", StringComparison.Ordinal));
            if (line is not null)
                peak = Math.Max(peak, long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[^2], System.Globalization.CultureInfo.InvariantCulture) << 10);
            if (_clock.Elapsed > TimeSpan.FromSeconds(90))
                break;
        }

        return (Wait(), peak);
    }

    private TimeSpan ProcessorTime(TimeSpan before)
    {
        try
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
        catch (Exception error) when (error is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return before; // it ended meanwhile
        }
    }

    private string[] ReadStatus()
    {
        try
        {
            return File.ReadAllLines($"/proc/{_process.Id}/status");
        }
        catch (IOException)
        {
            return []; // it ended meanwhile
        }
    }

    /// <summary>Waits for its end; the exit code.</summary>
    public int Wait()
    {
        if (!_process.WaitForExit(TimeSpan.FromSeconds(90)))
        {
            _process.Kill();
            throw new TimeoutException($"The command did not end:\n{Said}");
        }

        _process.WaitForExit();
        return _process.ExitCode;
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    private void Take(string? line)
    {
        lock (_said) _said.Append(line).Append('\n');
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
