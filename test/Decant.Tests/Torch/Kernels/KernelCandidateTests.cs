using Decant.Torch.Kernels;

namespace Decant.Tests.Torch.Kernels;

public class KernelCandidateTests
{
    public static TheoryData<string, string> Expected => new()
    {
        { nameof(Processors.EmeraldRapids), "SapphireRapids Cooperlake SkylakeX Haswell Zen Sandybridge Nehalem Core2 Prescott" },
        { nameof(Processors.EmeraldRapidsInAMachineWithoutAmx), "SkylakeX Haswell Zen Sandybridge Nehalem Core2 Prescott" },
        { nameof(Processors.Skylake), "Haswell Zen Sandybridge Nehalem Core2 Prescott" },
        { nameof(Processors.Zen3), "Zen Haswell Sandybridge Nehalem Barcelona Core2 Prescott" },
        { nameof(Processors.Zen4), "Cooperlake SkylakeX Zen Haswell Sandybridge Nehalem Barcelona Core2 Prescott" },
        { nameof(Processors.Piledriver), "Piledriver Sandybridge Nehalem Barcelona Core2 Prescott" },
        { nameof(Processors.Unknown), "" },
        { nameof(Processors.Graviton2), "NEOVERSEN1 CORTEXA72 CORTEXA57 ARMV8" },
        { nameof(Processors.Graviton3), "NEOVERSEV1 ARMV8SVE NEOVERSEN1 CORTEXA72 CORTEXA57 ARMV8" },
        { nameof(Processors.NeoverseN2), "NEOVERSEN2 NEOVERSEV1 ARMV8SVE NEOVERSEN1 CORTEXA72 CORTEXA57 ARMV8" },
        { nameof(Processors.RaspberryPi4), "CORTEXA72 CORTEXA57 ARMV8" },
    };

    [Theory]
    [MemberData(nameof(Expected))]
    public void Kernels_come_into_question_when_the_processor_has_their_instructions_the_newest_first(string processor, string names)
    {
        var known = (Processor)typeof(Processors).GetProperty(processor)!.GetValue(null)!;
        Assert.Equal(names, string.Join(' ', KernelCandidates.Of(known).Select(c => c.Name)));
    }

    [Fact]
    public void A_processor_is_the_first_one_that_the_system_lists()
    {
        var processor = Processors.EmeraldRapids;
        Assert.Equal("GenuineIntel / 6 / 207 / Some Processor / 2", processor.Model);
        Assert.True(processor.Has("avx512f", "amx_tile"));
        Assert.False(processor.Has("avx512f", "none"));
    }

    [Fact]
    public void This_processor_is_known() => Assert.NotEmpty(KernelCandidates.Of(Processor.Current()));
}
