using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Decant.Export.Onnx.Running;

namespace Decant.Runs.Exporting;

/// <summary>What it takes to open a model and get a first answer, in a process of its own.</summary>
/// <param name="FirstAnswer">From opening the file to the answer, milliseconds.</param>
/// <param name="PeakBytes">The peak resident memory of the process; null where there was no process of its own.</param>
internal sealed record ColdStart(double FirstAnswer, long? PeakBytes)
{
    /// <summary>The command that measures in its own process; it is not listed.</summary>
    public const string Command = "measure-onnx";

    private const string Program = "Decant.Cli";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    /// <summary>Measures a file: in a process of its own where this is the command line, which can start itself; else here, without the memory.</summary>
    public static ColdStart Measure(string file, IReadOnlyDictionary<string, OnnxArray> inputs) => Start() is { } start ? InProcess(start, file, inputs) ?? Here(file, inputs) : Here(file, inputs);

    /// <summary>What the process does: opens, answers, and says how long it took and how much memory.</summary>
    public static string Run(string file, string inputs)
    {
        var cold = Here(file, InputFile.Read(inputs));
        using var self = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"{cold.FirstAnswer} {self.PeakWorkingSet64}");
    }

    private static ColdStart Here(string file, IReadOnlyDictionary<string, OnnxArray> inputs)
    {
        var begin = Stopwatch.GetTimestamp();
        using var session = OnnxSession.Open(file);
        _ = session.Run(inputs);
        return new ColdStart(Stopwatch.GetElapsedTime(begin).TotalMilliseconds, null);
    }

    private static ColdStart? InProcess(ProcessStartInfo start, string file, IReadOnlyDictionary<string, OnnxArray> inputs)
    {
        var written = Path.Combine(Path.GetTempPath(), $"decant-{Guid.NewGuid():N}.inputs");
        try
        {
            InputFile.Write(written, inputs);
            foreach (var argument in new[] { Command, file, written })
                start.ArgumentList.Add(argument);
            (start.RedirectStandardOutput, start.RedirectStandardError) = (true, true);
            using var process = Process.Start(start);
            var said = process?.StandardOutput.ReadToEndAsync();
            if (process is null || !process.WaitForExit(s_patience) || process.ExitCode != 0)
                return null;
            return said!.Result.Split(' ') is [var first, var peak]
                && double.TryParse(first, CultureInfo.InvariantCulture, out var milliseconds) && long.TryParse(peak, CultureInfo.InvariantCulture, out var bytes)
                ? new ColdStart(milliseconds, bytes)
                : null;
        }
        finally
        {
            File.Delete(written);
        }
    }

    // dotnet Decant.Cli.dll, or the program itself
    private static ProcessStartInfo? Start()
    {
        if (Assembly.GetEntryAssembly() is not { } entry || entry.GetName().Name != Program || Environment.ProcessPath is not { } program)
            return null;
        return Path.GetFileNameWithoutExtension(program) == "dotnet" ? new ProcessStartInfo(program, [entry.Location]) : new ProcessStartInfo(program);
    }
}
