using System.Runtime.Intrinsics.X86;
using ArmDp = System.Runtime.Intrinsics.Arm.Dp;

namespace Decant.Compression.Quantization.Numbers;

/// <summary>Whether this processor multiplies 8-bit integers and adds the products in 32 bits in one step, so that nothing saturates.</summary>
/// <param name="Name">The instructions, for reports.</param>
/// <param name="Exact">Whether a uint8 · int8 product of any size is added without saturation.</param>
internal sealed record IntegerDotProducts(string Name, bool Exact)
{
    /// <summary>What this processor has.</summary>
    public static IntegerDotProducts Here { get; } = Of(hasAvx512Vnni: HasAvx512Vnni(), hasAvxVnni: AvxVnni.IsSupported, hasArmDp: ArmDp.IsSupported, isX86: X86Base.IsSupported);

    /// <summary>What follows from a processor's instructions.</summary>
    /// <param name="hasAvx512Vnni">The dot products of AVX-512.</param>
    /// <param name="hasAvxVnni">The same for 256 bits.</param>
    /// <param name="hasArmDp">Arm's dot products.</param>
    /// <param name="isX86">Whether it is an x86 processor.</param>
    public static IntegerDotProducts Of(bool hasAvx512Vnni, bool hasAvxVnni, bool hasArmDp, bool isX86) =>
        hasAvx512Vnni ? new("AVX-512 VNNI", true)
        : hasAvxVnni ? new("AVX-VNNI", true)
        : hasArmDp ? new("Arm dot product", true)
        : isX86 ? new("x86 without VNNI", false)
        : new("no dot products; widened products, which do not saturate", true);

    // CPUID leaf 7, sub-leaf 0, ECX bit 11; the AVX-512 state must be switched on by the system too, which AVX-512F of the runtime says.
    private static bool HasAvx512Vnni() => X86Base.IsSupported && Avx512F.IsSupported && X86Base.CpuId(0, 0).Eax >= 7 && (X86Base.CpuId(7, 0).Ecx & (1 << 11)) != 0;
}
