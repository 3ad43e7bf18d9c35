using Decant.Export.Gguf.Format;

namespace Decant.Export.Gguf.Checks;

/// <summary>Whether the tensors of a file have the shapes that its settings say.</summary>
internal static class TensorChecks
{
    /// <summary>Refuses tensors of other shapes than the settings say.</summary>
    public static void Require(GgufFile file, string architecture)
    {
        var width = file.Whole($"{architecture}.embedding_length")!.Value;
        var tokens = file.Tensors.GetValueOrDefault("token_embd.weight") ?? throw file.Fault("it has no token_embd.weight");
        var count = (file.List<string>("tokenizer.ggml.tokens") ?? []).Count;
        Expect(file, tokens, count, width);
        if (file.Tensors.GetValueOrDefault("output.weight") is { } output)
            Expect(file, output, count, width);
        if (file.Whole($"{architecture}.vocab_size") is { } said && said != count)
            throw file.Fault($"{architecture}.vocab_size is {said:N0}, and its tokenizer has {count:N0} tokens");
        if (file.Tensors.GetValueOrDefault("position_embd.weight") is { } positions && (positions.Shape is not [var rows, var across] || across != width || rows < file.Whole($"{architecture}.context_length")))
            throw file.Fault($"position_embd.weight is [{string.Join(", ", positions.Shape)}], and the model reads {file.Whole($"{architecture}.context_length")} tokens of width {width}");
        var layers = file.Whole($"{architecture}.block_count")!.Value;
        if (file.Tensors.Keys.Select(LayerOf).Max() is var last && (last ?? -1) + 1 != layers)
            throw file.Fault($"{architecture}.block_count is {layers}, and there are tensors of {(last ?? -1) + 1} layers");
    }

    private static void Expect(GgufFile file, GgufEntry tensor, long rows, long row)
    {
        if (tensor.Shape is not [var there, var across] || there != rows || across != row)
            throw file.Fault($"{tensor.Name} is [{string.Join(", ", tensor.Shape)}]; [{rows}, {row}] is expected, its tokens and embedding_length");
    }

    private static long? LayerOf(string name) => name.StartsWith("blk.", StringComparison.Ordinal) && name.IndexOf('.', 4) is var end and > 4 && long.TryParse(name.AsSpan(4, end - 4), out var layer) ? layer : null;
}
