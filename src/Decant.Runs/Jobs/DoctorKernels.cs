using System.Globalization;
using Decant.Torch.Kernels;

namespace Decant.Runs.Jobs;

/// <summary>What the doctor says of OpenBLAS's kernels and of the rate that they give. Judges figures; measures nothing.</summary>
/// <param name="running">The kernels in use.</param>
/// <param name="choice">How they were chosen.</param>
/// <param name="unforced">What is chosen where the environment has no variable, with what was tried in processes of their own.</param>
/// <param name="products">GFLOP/s of the matrix product under each choice of kernels.</param>
/// <param name="rate">GFLOP/s of the same product through libtorch.</param>
internal sealed class DoctorKernels(string running, KernelChoice choice, KernelChoice unforced, IReadOnlyDictionary<string, double> products, double rate)
{
    /// <summary>What the matrix product of a new user must reach of the best that any choice of kernels gives.</summary>
    public const double LeastOfBest = 0.9;

    private const string Variable = "OPENBLAS_CORETYPE";
    private const string Product = "float32, 1024×1024";

    private KeyValuePair<string, double>? Best => products.Count > 0 ? products.MaxBy(p => p.Value) : null;

    /// <summary>The least of what the kernels in use and what libtorch with them reach of the best; 1 where there is nothing to compare with.</summary>
    public double Share => Best is { } best ? Math.Min(rate, products.GetValueOrDefault(running, rate)) / best.Value : 1;

    /// <summary>Whether that is enough.</summary>
    public bool IsFast => Share >= LeastOfBest;

    /// <summary>Whether the kernels are so far from the best that measuring again cannot change the verdict.</summary>
    public bool AreKernelsFarFromBest => Best is { } best && products.GetValueOrDefault(running, best.Value) < 0.7 * best.Value;

    private bool AreSlow => Best is { } best && products.TryGetValue(running, out var own) && own < LeastOfBest * best.Value;

    /// <summary>Which kernels, why these, what else was tried and what each gives; null where the BLAS is not OpenBLAS.</summary>
    public DoctorFact? Kernels()
    {
        if (running.Length == 0)
            return null;
        var parts = new List<string> { $"{running}, {Why()}" };
        if (products.Count > 0)
            parts.Add("GFLOP/s: " + string.Join(", ", products.OrderByDescending(p => p.Value).Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Key} {p.Value:0}{(IsOwn(p.Key) ? " (OpenBLAS's own choice)" : "")}"))));
        parts.AddRange(unforced.Trials.Where(t => t.Fault is not null).Select(t => $"not used: {t.Asked ?? "OpenBLAS's own choice"}, {t.Fault}"));
        var fact = new DoctorFact("blas_kernels", "BLAS kernels", string.Join("; ", parts)) { Figures = products.Count > 0 ? products : null };
        if (AreSlow)
            return fact with { Problem = string.Create(CultureInfo.InvariantCulture, $"{running} gives {products[running] / Best!.Value.Value:0.00} of what {Best.Value.Key} gives."), Remedy = Remedy() };
        return choice.Fault is { } fault && choice.Reason is not KernelReason.Environment
            ? fact with { Problem = $"They could not be tried: {fault}.", Remedy = "Run ./decant doctor in a clone, or bash …/native/bridge.sh elsewhere: either builds what is missing." }
            : fact;
    }

    /// <summary>The rate through libtorch beside the best that any kernels give.</summary>
    public DoctorFact Rate()
    {
        var fact = new DoctorFact("gflops", "matrix product", string.Create(CultureInfo.InvariantCulture, $"{rate:0} GFLOP/s ({Product})"))
        {
            Figures = new Dictionary<string, double> { ["libtorch"] = rate },
        };
        if (Best is not { } best || rate >= LeastOfBest * best.Value)
            return fact;
        return fact with
        {
            Problem = string.Create(CultureInfo.InvariantCulture, $"{rate / best.Value:0.00} of the {best.Value:0} GFLOP/s that OpenBLAS's {best.Key} kernels give."),
            Remedy = AreSlow ? Remedy() : "Run this again while nothing else uses the cores.",
        };
    }

    private string Why() => choice.Reason switch
    {
        KernelReason.Environment when string.Equals(choice.Name, running, StringComparison.OrdinalIgnoreCase) => $"by {Variable}={choice.Name}",
        KernelReason.Environment => $"although {Variable}={choice.Name}",
        KernelReason.Measured when choice.Name is null => "OpenBLAS's own choice and the fastest that were tried",
        KernelReason.Measured => "the fastest that were tried",
        KernelReason.Required => "as was asked for",
        KernelReason.Features => "by the processor's features",
        _ => "OpenBLAS's own choice",
    };

    // A variable that is set is best unset only where that leads to the best.
    private string Remedy() => choice.Reason is KernelReason.Environment && unforced.Kernels is { } chosen && products.GetValueOrDefault(chosen) >= LeastOfBest * Best!.Value.Value
        ? $"unset {Variable}: Decant then takes {chosen}"
        : $"export {Variable}={Best!.Value.Key}";

    private bool IsOwn(string kernels) => unforced.Trials.Any(t => t.Asked is null && string.Equals(t.Kernels, kernels, StringComparison.OrdinalIgnoreCase));
}
