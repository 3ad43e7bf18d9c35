using Decant.Models.Static;
using Decant.Modules;

namespace Decant.Runs.Jobs.Inspecting;

/// <summary>What a module calculates itself, without those below, counted from the shapes that were there: matrix products and convolutions, as <see cref="Model.FlopsPerSample"/> counts.</summary>
internal static class ModuleFlops
{
    /// <summary>Floating-point operations of one forward pass.</summary>
    /// <param name="module">The module.</param>
    /// <param name="shapeOf">The shape of its answer (under the empty name) and of its parts; null where there was none.</param>
    public static long Own(Module module, Func<string, IReadOnlyList<long>?> shapeOf) => module switch
    {
        Linear linear => 2 * Elements(shapeOf("")) * linear.Inputs,
        TransposedLinear linear => 2 * Elements(shapeOf("")) * linear.Inputs,
        Conv1d convolution => 2 * Elements(shapeOf("")) * (convolution.Weight.ElementCount / convolution.Outputs),
        Conv2d convolution => 2 * Elements(shapeOf("")) * (convolution.Weight.ElementCount / convolution.Outputs),
        Lstm lstm when shapeOf("") is [var batch, var length, _] => batch * lstm.Flops(length),
        MultiHeadAttention when shapeOf(AttentionParts.Scores) is { } scores && shapeOf(AttentionParts.Queries) is { } queries => 2 * 2 * Elements(scores) * queries[^1],
        ChunkedHeadModel chunked when shapeOf(Model.Representation) is [var rows, _] => 2 * rows * (chunked.Head.Weight.ElementCount + chunked.ProjectionSize),
        StaticTextModel => 2 * Elements(shapeOf(StaticTextModel.Rows)), // the mean, a product with weights
        _ => 0,
    };

    private static long Elements(IReadOnlyList<long>? shape) => shape?.Aggregate(1L, (product, size) => product * size) ?? 0;
}
