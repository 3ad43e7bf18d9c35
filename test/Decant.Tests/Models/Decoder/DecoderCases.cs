using System.Text.Json.Nodes;
using Decant.Models;
using Decant.Models.Decoder;
using Decant.Modules;
using Decant.Tests.Modules;

namespace Decant.Tests.Models.Decoder;

/// <summary>The small random decoders of Golden/Models/decoders.json.</summary>
internal static class DecoderCases
{
    private static readonly JsonObject s_configs = JsonNode.Parse(File.ReadAllText(Path.Combine(GoldenCase.Folder, "decoders.json")))!.AsObject();

    public static IEnumerable<string> Names => s_configs.Select(c => c.Key);

    public static TheoryData<string> All => [.. Names];

    /// <summary>The config.json of a case.</summary>
    public static JsonObject Config(string name) => s_configs[name]!.DeepClone().AsObject();

    /// <summary>A model with the case's weights, in evaluation mode.</summary>
    public static CausalDecoder Load(string name, GoldenCase golden)
    {
        var model = (CausalDecoder)ModelFamilies.Read(Config(name)).Build();
        model.LoadStateDict(golden.Under("state"));
        model.Eval();
        return model;
    }

    public static ModelInput Input(GoldenCase golden) => new(
        golden["values"], golden.Has("mask") ? golden["mask"] : null, Positions: golden["positions"], Segments: golden.Has("segments") ? golden["segments"] : null);
}
