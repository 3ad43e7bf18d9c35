using Decant.Torch.Kernels;
using Cpu = System.Runtime.InteropServices.Architecture;

namespace Decant.Tests.Torch.Kernels;

/// <summary>Processors as <c>/proc/cpuinfo</c> tells of them, shortened to what counts.</summary>
internal static class Processors
{
    public const string X64Base = "fpu sse sse2 pni ssse3 sse4_1 sse4_2";
    public const string Avx2 = X64Base + " avx avx2 fma";
    public const string Avx512 = Avx2 + " avx512f avx512dq avx512cd avx512bw avx512vl";

    public static Processor EmeraldRapids => X64("GenuineIntel", 207, Avx512 + " avx512_bf16 amx_bf16 amx_tile amx_int8");

    public static Processor EmeraldRapidsInAMachineWithoutAmx => X64("GenuineIntel", 207, Avx512);

    public static Processor Skylake => X64("GenuineIntel", 94, Avx2);

    public static Processor Zen3 => X64("AuthenticAMD", 33, Avx2 + " sse4a");

    public static Processor Zen4 => X64("AuthenticAMD", 97, Avx512 + " sse4a avx512_bf16");

    public static Processor Piledriver => X64("AuthenticAMD", 2, X64Base + " sse4a avx fma fma4");

    public static Processor Unknown => Processor.Parse(Cpu.X64, []);

    public static Processor Graviton2 => Arm("fp asimd evtstrm aes asimddp", "0xd0c");

    public static Processor Graviton3 => Arm("fp asimd evtstrm aes asimddp sve bf16 i8mm", "0xd40");

    public static Processor NeoverseN2 => Arm("fp asimd asimddp sve sve2 svebf16 bf16 i8mm", "0xd49");

    public static Processor RaspberryPi4 => Arm("fp asimd evtstrm crc32 cpuid", "0xd08");

    private static Processor X64(string vendor, int model, string flags) => Processor.Parse(Cpu.X64,
    [
        "processor\t: 0", $"vendor_id\t: {vendor}", "cpu family\t: 6", $"model\t\t: {model}", "model name\t: Some Processor", "stepping\t: 2", $"flags\t\t: {flags}", "",
        "processor\t: 1", "vendor_id\t: another", "flags\t\t: none",
    ]);

    private static Processor Arm(string features, string part) => Processor.Parse(Cpu.Arm64, ["processor\t: 0", $"Features\t: {features}", "CPU implementer\t: 0x41", $"CPU part\t: {part}"]);
}
