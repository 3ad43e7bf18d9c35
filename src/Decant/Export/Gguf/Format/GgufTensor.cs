using Decant.Torch;

namespace Decant.Export.Gguf.Format;

/// <summary>A tensor that is to be written.</summary>
/// <param name="Name">Its name in llama.cpp.</param>
/// <param name="Shape">Its sizes, rows first as everywhere here; files have them the other way round.</param>
/// <param name="Make">Gives the numbers, when they are written, in the current scope.</param>
internal sealed record GgufTensor(string Name, IReadOnlyList<long> Shape, Func<Tensor> Make)
{
    /// <summary>How it is stored.</summary>
    public GgufType Type { get; init; } = GgufType.F32;

    /// <summary>The length of a row.</summary>
    public long Row => Shape[^1];

    /// <summary>How many numbers it has.</summary>
    public long Elements => Shape.Aggregate(1L, (product, size) => product * size);

    /// <summary>Its bytes in the file.</summary>
    public long Bytes => Type.BytesFor(Elements);

    /// <summary>A tensor as it is.</summary>
    public static GgufTensor Of(string name, Tensor tensor) => new(name, [.. tensor.Shape], () => tensor);
}
