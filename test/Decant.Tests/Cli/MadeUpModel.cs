using Decant.Runs.Jobs.Inspecting;

namespace Decant.Tests.Cli;

/// <summary>A model as it might be found.</summary>
internal static class MadeUpModel
{
    public static ModelInspection Inspection { get; } = new()
    {
        Name = "model",
        Summary = "encoder 2 × 16",
        Input = [1, 9],
        Output = [1, 3],
        Parameters = 12_345_678,
        Flops = 1_999_960_000,
        Layers = 1,
        Modules =
        [
            new() { Path = "representation", Kind = InspectedModule.PartKind, Shape = [1, 16] },
            new() { Path = "bert", Kind = "Encoder", Parameters = 12_345_000, Flops = 1_999_950_000 },
            new() { Path = "bert.embeddings", Kind = "EncoderEmbeddings", Shape = [1, 9, 16], Parameters = 512, Layer = 0 },
            new() { Path = "bert.层.0", Kind = "EncoderLayer", Shape = [1, 9, 16], Parameters = 10_000, Flops = 999_949, Layer = 1 },
            new() { Path = "bert.层.0.scores", Kind = InspectedModule.PartKind, Shape = [1, 4, 9, 9] },
            new() { Path = "classifier", Kind = "Linear", Shape = [1, 3], Parameters = 51, Flops = 9_999 },
        ],
    };
}
