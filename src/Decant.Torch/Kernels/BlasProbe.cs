using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;

namespace Decant.Torch.Kernels;

/// <summary>Runs <c>decant_blas_probe</c>, which is built beside the bridge.</summary>
/// <param name="program">Its file.</param>
/// <param name="limit">How long one answer may take; 20 s. A hundred times what it takes on an idle machine.</param>
internal sealed class BlasProbe(string program, TimeSpan? limit = null) : IBlasProbe
{
    public const string FileName = "decant_blas_probe";

    /// <summary>The variable that OpenBLAS reads its kernels from, when it is loaded.</summary>
    public const string Variable = "OPENBLAS_CORETYPE";

    private const int SignalBase = 128, WrongResult = 4;

    private readonly TimeSpan _limit = limit ?? TimeSpan.FromSeconds(20);

    private sealed record Answer(int? Exit, IReadOnlyDictionary<string, string> Lines);

    public BlasLocation? Locate(string bridge)
    {
        var answer = Ask(null, 1, "locate", bridge);
        return answer.Exit == 0 ? new BlasLocation(answer.Lines.GetValueOrDefault("blas", ""), answer.Lines.GetValueOrDefault("openblas", ""), answer.Lines.GetValueOrDefault("config", "")) : null;
    }

    public KernelTrial Try(BlasLocation location, string? kernels)
    {
        var answer = Ask(kernels, 1, "try", location.Blas);
        return new KernelTrial
        {
            Asked = kernels,
            Kernels = answer.Lines.GetValueOrDefault("core", ""),
            Fault = Fault(answer),
            Square = Number(answer, "square"),
            Thin = Number(answer, "thin"),
            Vector = Number(answer, "vector"),
        };
    }

    public double? Product(BlasLocation location, string? kernels, int threads, int size, int runs)
    {
        var answer = Ask(kernels, threads, "product", location.Blas, size.ToString(CultureInfo.InvariantCulture), runs.ToString(CultureInfo.InvariantCulture));
        return answer.Exit == 0 ? Number(answer, "product") : null;
    }

    private string? Fault(Answer answer) => answer.Exit switch
    {
        0 => null,
        null => string.Create(CultureInfo.InvariantCulture, $"no answer in {_limit.TotalSeconds:0.#} s"),
        WrongResult => $"a wrong result: {answer.Lines.GetValueOrDefault("wrong", "")}",
        > SignalBase => $"ended by {Signal(answer.Exit.Value - SignalBase)}",
        _ => answer.Lines.GetValueOrDefault("fault", $"exit code {answer.Exit}"),
    };

    private static string Signal(int number) => number switch
    {
        4 => "SIGILL (an instruction that the processor does not have)",
        6 => "SIGABRT",
        8 => "SIGFPE",
        9 => "SIGKILL",
        11 => "SIGSEGV",
        _ => $"signal {number}",
    };

    private static double Number(Answer answer, string name) =>
        double.TryParse(answer.Lines.GetValueOrDefault(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : 0;

    private Answer Ask(string? kernels, int threads, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Remove(Variable);
        if (kernels is not null)
            start.Environment[Variable] = kernels;
        start.Environment["OPENBLAS_NUM_THREADS"] = start.Environment["OMP_NUM_THREADS"] = threads.ToString(CultureInfo.InvariantCulture);
        try
        {
            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            var output = process.StandardOutput.ReadToEndAsync();
            _ = process.StandardError.ReadToEndAsync();
            if (!process.WaitForExit(_limit))
            {
                process.Kill(entireProcessTree: true);
                process.WaitForExit();
                return new Answer(null, Lines(output.GetAwaiter().GetResult()));
            }

            return new Answer(process.ExitCode, Lines(output.GetAwaiter().GetResult()));
        }
        catch (Win32Exception error)
        {
            return new Answer(1, new Dictionary<string, string> { ["fault"] = error.Message });
        }
    }

    private static Dictionary<string, string> Lines(string text) => text.Split('\n')
        .Select(line => line.Split('=', 2)).Where(pair => pair.Length == 2).GroupBy(pair => pair[0]).ToDictionary(group => group.Key, group => group.Last()[1]);
}
