using Decant.Models;
using Decant.Models.Decoder;
using Decant.Tests.Modules;

namespace Decant.Tests.Models.Decoder;

public class DecoderGoldenTests
{
    [Theory, MemberData(nameof(DecoderCases.All), MemberType = typeof(DecoderCases))]
    public void Logits_and_gradients_are_those_of_the_published_layout(string name)
    {
        using var model = ModelFamilies.Read(DecoderCases.Config(name)).Build();
        GoldenCase.Check(name, model, g => model.Forward(DecoderCases.Input(g)), tolerance: 1e-5, gradients: 5e-5);
    }

    [Fact]
    public void Every_family_and_every_scaling_has_its_case()
    {
        var types = DecoderCases.Names.Select(DecoderCases.Config).ToList();
        Assert.Equal(["gpt2", "llama", "mistral", "qwen2", "qwen3"], types.Select(c => c["model_type"]!.ToString()).Distinct().Order());
        var scalings = types.Select(c => c["rope_scaling"]?["rope_type"]?.ToString()).OfType<string>().Distinct().Order();
        Assert.Equal(Enum.GetNames<RopeType>().Select(n => n.ToLowerInvariant()).Where(n => n != "default").Order(), scalings);
    }
}
