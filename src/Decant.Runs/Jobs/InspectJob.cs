using Decant.Export.Gguf.Format;
using Decant.Export.Loading;

namespace Decant.Runs.Jobs;

/// <summary>What a checkpoint holds.</summary>
/// <param name="Path">The file or folder.</param>
/// <param name="Format">The format's name, for people.</param>
/// <param name="Tensors">Its tensors, in the order of their names.</param>
/// <param name="Remarks">What was chosen in reading it, in sentences.</param>
internal sealed record Inspection(string Path, string Format, IReadOnlyList<InspectedTensor> Tensors, IReadOnlyList<string> Remarks)
{
    /// <summary>What a file says of itself beside its tensors, by key, as of a GGUF file; empty: nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Settings { get; init; } = [];

    /// <summary>How many numbers all tensors have.</summary>
    public long Elements => Tensors.Sum(t => t.Shape.Aggregate(1L, (product, size) => product * size));

    /// <summary>How many bytes they have.</summary>
    public long Bytes => Tensors.Sum(t => t.Bytes);
}

/// <summary>One tensor of a checkpoint.</summary>
/// <param name="Name">Its name.</param>
/// <param name="DType">The elements' type, like <c>float32</c>.</param>
/// <param name="Shape">The sizes; empty for a scalar.</param>
/// <param name="Bytes">How many bytes.</param>
/// <param name="File">The name of the file that it is in.</param>
internal sealed record InspectedTensor(string Name, string DType, IReadOnlyList<long> Shape, long Bytes, string File);

/// <summary>Lists what a checkpoint holds, without reading a tensor and without running anything.</summary>
internal static class InspectJob
{
    /// <summary>Looks into a file or folder.</summary>
    /// <exception cref="DecantException">It is missing, damaged, stands in for the file, or wants what is refused: the message says which.</exception>
    public static Inspection Run(string path)
    {
        if (File.Exists(path) && GgufFile.IsOne(path))
            return GgufInspection.Of(GgufFile.Open(path));
        using var weights = Weights.Open(path);
        var tensors = weights.Tensors.Values.OrderBy(t => t.Name, StringComparer.Ordinal)
            .Select(t => new InspectedTensor(t.Name, t.DType.ToString().ToLowerInvariant(), t.Shape, t.ByteCount, Path.GetFileName(t.File)));
        return new Inspection(path, weights.Format, [.. tensors], weights.Remarks);
    }
}
