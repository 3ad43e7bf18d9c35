using System.Runtime.InteropServices;

namespace Decant.Torch.Kernels;

/// <summary>What the operating system says of the processor: enough to know which kernels it can execute.</summary>
/// <param name="Architecture">The instruction set.</param>
/// <param name="Model">Vendor, family, model, stepping and name, as the system writes them.</param>
/// <param name="Features">The extensions that processor and system allow, by Linux's names: <c>avx2</c>, <c>avx512f</c>, <c>asimd</c>, <c>sve</c>, ….</param>
internal sealed record Processor(Architecture Architecture, string Model, IReadOnlySet<string> Features)
{
    private static readonly string[] s_model =
        ["vendor_id", "cpu family", "model", "model name", "stepping", "CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision"];

    /// <summary>The processor that this program runs on; one without features where the system does not say.</summary>
    public static Processor Current()
    {
        try
        {
            return Parse(RuntimeInformation.ProcessArchitecture, File.ReadLines("/proc/cpuinfo"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return Parse(RuntimeInformation.ProcessArchitecture, []);
        }
    }

    /// <summary>Reads the first processor of <c>/proc/cpuinfo</c>; Linux lists only what all of them have.</summary>
    internal static Processor Parse(Architecture architecture, IEnumerable<string> lines)
    {
        var first = new Dictionary<string, string>();
        foreach (var line in lines)
        {
            if (line.Split(':', 2) is [var key, var value])
                first.TryAdd(key.Trim(), value.Trim());
        }

        var features = first.GetValueOrDefault("flags") ?? first.GetValueOrDefault("Features") ?? "";
        return new Processor(
            architecture,
            string.Join(" / ", s_model.Where(first.ContainsKey).Select(key => first[key])),
            features.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal));
    }

    public bool Has(params ReadOnlySpan<string> features)
    {
        foreach (var feature in features)
        {
            if (!Features.Contains(feature))
                return false;
        }

        return true;
    }
}
