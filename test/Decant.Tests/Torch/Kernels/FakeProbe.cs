using Decant.Torch.Kernels;

namespace Decant.Tests.Torch.Kernels;

/// <summary>An OpenBLAS that has some kernels, each with a rate or a fault.</summary>
internal sealed class FakeProbe : IBlasProbe
{
    private readonly Dictionary<string, int> _asked = [];

    /// <summary>What it takes when nothing is asked for, or something that it does not have.</summary>
    public string Own { get; init; } = "Prescott";

    /// <summary>The rate of a kernel's square product in a round.</summary>
    public Dictionary<string, Func<int, double>> Rates { get; } = new(StringComparer.OrdinalIgnoreCase);

    public Dictionary<string, string> Faults { get; } = new(StringComparer.OrdinalIgnoreCase);

    public BlasLocation? Location { get; set; } = new("/lib/libblas.so.3", "/lib/libopenblas.so.0", "OpenBLAS 0.3.21");

    public List<string> Asked { get; } = [];

    public FakeProbe With(string kernels, double rate) => With(kernels, _ => rate);

    public FakeProbe With(string kernels, Func<int, double> rate)
    {
        Rates[kernels] = rate;
        return this;
    }

    public FakeProbe Breaks(string kernels, string fault)
    {
        Rates[kernels] = _ => 0;
        Faults[kernels] = fault;
        return this;
    }

    public BlasLocation? Locate(string bridge)
    {
        Asked.Add("locate");
        return Location;
    }

    public KernelTrial Try(BlasLocation location, string? kernels)
    {
        Asked.Add(kernels ?? "own");
        var taken = kernels is not null && Rates.ContainsKey(kernels) ? kernels : Own;
        var round = _asked[taken] = _asked.GetValueOrDefault(taken) + 1;
        var rate = Rates.TryGetValue(taken, out var known) ? known(round) : 10;
        return new KernelTrial { Asked = kernels, Kernels = taken, Fault = Faults.GetValueOrDefault(taken), Square = rate, Thin = rate, Vector = rate };
    }

    public double? Product(BlasLocation location, string? kernels, int threads, int size, int runs) => Try(location, kernels).Square * threads;
}
