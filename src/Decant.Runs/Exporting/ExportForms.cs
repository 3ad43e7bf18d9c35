using Decant.Compression.Quantization;

namespace Decant.Runs.Exporting;

/// <summary>Compressed forms by the names that the command line has for them.</summary>
internal static class ExportForms
{
    /// <summary>The form whose ranges are found from samples.</summary>
    public const string StaticInt8 = "int8";

    private static readonly Dictionary<string, QuantizationOptions> s_forms = new(StringComparer.Ordinal)
    {
        [StaticInt8] = new StaticInt8(),
        ["int8-dynamic"] = new DynamicInt8(),
        ["int4"] = new BlockInt(),
        ["int8-weights"] = new BlockInt { Bits = 8 },
        ["float16"] = new HalfWeights(),
        ["bfloat16"] = new HalfWeights { Format = HalfFormat.BFloat16 },
    };

    /// <summary>A form with its defaults.</summary>
    /// <exception cref="DecantException">There is none of that name.</exception>
    public static QuantizationOptions Of(string name) => s_forms.GetValueOrDefault(name)
        ?? throw new DecantException($"--quantize: there is no form '{name}'; expected {string.Join(", ", s_forms.Keys)}.");
}
