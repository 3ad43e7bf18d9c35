using System.Runtime.InteropServices;

namespace Decant.Torch.Kernels;

/// <summary>Kernels that OpenBLAS may have, and that a processor has the instructions for.</summary>
/// <param name="Name">The value of <c>OPENBLAS_CORETYPE</c>.</param>
/// <param name="Generation">Kernels with wider or newer instructions have a higher one.</param>
/// <param name="IsCommon">Every OpenBLAS since 0.3.0 (2018) that chooses at run time has them, and has been used with them for years.</param>
internal sealed record KernelCandidate(string Name, int Generation, bool IsCommon = false);

/// <summary>Which kernels come into question on a processor, in the order in which near equals are preferred.</summary>
internal static class KernelCandidates
{
    /// <summary>The candidates, the newest first; none where the processor's features are not known.</summary>
    public static IReadOnlyList<KernelCandidate> Of(Processor processor) => processor.Architecture switch
    {
        Architecture.X64 => [.. X64(processor)],
        Architecture.Arm64 => [.. Arm64(processor)],
        _ => [],
    };

    private static IEnumerable<KernelCandidate> X64(Processor processor)
    {
        if (processor.Has("avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512cd"))
        {
            if (processor.Has("avx512_bf16", "amx_tile", "amx_bf16"))
                yield return new("SapphireRapids", 4);
            if (processor.Has("avx512_bf16"))
                yield return new("Cooperlake", 4);
            yield return new("SkylakeX", 4, IsCommon: true);
        }

        if (processor.Has("avx2", "fma"))
        {
            // The same instructions, with blocks for the caches of either maker.
            var isAmd = IsAmd(processor);
            yield return new(isAmd ? "Zen" : "Haswell", 3, IsCommon: true);
            yield return new(isAmd ? "Haswell" : "Zen", 3, IsCommon: true);
        }

        if (processor.Has("avx", "fma4", "fma"))
            yield return new("Piledriver", 2);
        if (processor.Has("avx"))
            yield return new("Sandybridge", 2);
        if (processor.Has("sse4_2"))
            yield return new("Nehalem", 1);
        if (processor.Has("sse4a"))
            yield return new("Barcelona", 1);
        if (processor.Has("ssse3"))
            yield return new("Core2", 1);
        if (processor.Has("pni"))
            yield return new("Prescott", 1);
    }

    private static IEnumerable<KernelCandidate> Arm64(Processor processor)
    {
        if (processor.Has("sve2", "svebf16"))
            yield return new("NEOVERSEN2", 3);
        if (processor.Has("sve"))
        {
            yield return new("NEOVERSEV1", 3);
            yield return new("ARMV8SVE", 3);
        }

        if (processor.Has("asimd", "asimddp"))
            yield return new("NEOVERSEN1", 2);
        if (processor.Has("asimd"))
        {
            yield return new("CORTEXA72", 1);
            yield return new("CORTEXA57", 1);
            yield return new("ARMV8", 1);
        }
    }

    private static bool IsAmd(Processor processor) =>
        processor.Model.Contains("AuthenticAMD", StringComparison.Ordinal) || processor.Model.Contains("HygonGenuine", StringComparison.Ordinal);
}
