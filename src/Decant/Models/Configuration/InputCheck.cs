using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.Configuration;

/// <summary>Refuses batches that a model was not built for, in words that say what was expected.</summary>
internal static class InputCheck
{
    /// <summary>The batch is [B, …shape].</summary>
    public static void Shape(Tensor values, IReadOnlyList<long> shape, string kind)
    {
        if (values.Dimensions != shape.Count + 1 || !values.Shape.Skip(1).SequenceEqual(shape))
            throw Unfit(values, $"[B, {string.Join(", ", shape)}]", kind, "Resize the data, or train the model for it.");
    }

    /// <summary>The batch is [B, channels, H, W] of any size.</summary>
    public static void Channels(Tensor values, long channels, string kind)
    {
        if (values.Dimensions != 4 || values.Size(1) != channels)
            throw Unfit(values, $"[B, {channels}, H, W]", kind, "Convert the images, or train the model for them.");
    }

    /// <summary>The batch is [B, T] of token ids, with a maximum length.</summary>
    public static void Tokens(Tensor values, long most, string kind)
    {
        if (values.Dimensions != 2 || values.Size(1) < 1)
            throw Unfit(values, "token ids [B, T] with T of at least 1", kind, "Give text through its tokenizer.");
        if (values.Size(1) > most)
            throw Unfit(values, $"at most {most} tokens", kind, "Lower max-tokens, or raise the model's max-positions.");
    }

    /// <summary>The batch does not ask for documents of a row to be kept apart.</summary>
    public static void NoSegments(ModelInput input, string kind)
    {
        if (input.Segments is not null)
        {
            throw new DecantException(
                $"A model of kind '{kind}' reads a row as one text and cannot keep several documents in it apart. Give one document per row, or leave the segments out.");
        }
    }

    private static DecantException Unfit(Tensor values, string expected, string kind, string next) =>
        new($"This model of kind '{kind}' expects {expected}; [{string.Join(", ", values.Shape)}] came. {next}");
}
