using Decant.Export.Gguf.Format;

namespace Decant.Export.Gguf.Checks;

/// <summary>
/// Whether what a file says of its model fits its tensors and its tokenizer. llama.cpp trusts much of it: it ends the process, or asks for memory, where a damaged file contradicts
/// itself.
/// </summary>
internal static class GgufCheck
{
    /// <summary>Refuses a file that contradicts itself, or is one of several parts.</summary>
    /// <exception cref="DecantException">What was expected, and what is there.</exception>
    public static void Require(GgufFile file)
    {
        var architecture = file.Architecture;
        if (file.Whole("split.count") is > 1 and var parts)
            throw new DecantException($"{file.Path} is one of {parts} parts of a model. Join them first: llama.cpp's llama-gguf-split --merge does it.");
        SettingChecks.Require(file, architecture);
        TensorChecks.Require(file, architecture);
        HeadChecks.Require(file, architecture);
        TokenChecks.Require(file);
    }

    /// <summary>Refuses a file with numbers that are none: all of it is read.</summary>
    /// <returns>Whether all types of its tensors could be looked into.</returns>
    /// <exception cref="DecantException">Which tensor has one.</exception>
    public static bool RequireNumbers(GgufFile file)
    {
        NumberChecks.Require(file);
        return NumberChecks.ReadsAll(file);
    }

    /// <summary>Whether there are logits: the matrix of the tokens, or one of its own.</summary>
    public static bool HasLogits(GgufFile file) => file.Tensors.ContainsKey("output_norm.weight");
}
