using Decant.Data.Batching;
using Decant.Torch;

namespace Decant.Objectives.Relations;

/// <summary>One vector per sample out of what a model's module answers with.</summary>
internal static class SampleVectors
{
    /// <summary>[B, D] float32: as it is, the mean over a text's tokens, or the channels of an image.</summary>
    /// <param name="value">[B, D], [B, T, H] of texts, [B, C, …] of images.</param>
    /// <param name="batch">What it was made of.</param>
    /// <param name="keepsPlanes">Whether images keep all their numbers; false: each channel's mean.</param>
    /// <exception cref="DecantException">It is nothing of these; the message continues after the value's name.</exception>
    public static Tensor Of(Tensor value, Batch batch, bool keepsPlanes)
    {
        var shape = value.Shape;
        if (shape.Length == 2 && batch.Positions is not null)
            throw new DecantException($"is [{string.Join(", ", shape)}], a row for each token that is asked about: name a layer of both models ('student:' and 'teacher:'), whose mean over a text's tokens is taken.");
        if (shape.Length < 2 || shape[0] != batch.Inputs)
            throw new DecantException($"is [{string.Join(", ", shape)}], and there are {batch.Inputs} samples: expected something for each. 'decant inspect' lists the shapes.");
        value = value.To(DType.Float32);
        if (shape.Length == 2)
            return value;
        if (batch.AttentionMask is not { } mask)
            return keepsPlanes ? value.Flatten(1) : value.Flatten(2).Mean(2);                                       // [B, C·H·W] or [B, C]
        if (shape.Length == 3 && shape[1] == mask.Size(1))
            return OverTokens(value, mask);
        throw new DecantException($"is [{string.Join(", ", shape)}]: expected one vector for each text, or one for each of its {mask.Size(1)} tokens. 'decant inspect' lists the shapes.");
    }

    private static Tensor OverTokens(Tensor value, Tensor mask)
    {
        var real = mask.To(DType.Float32).Unsqueeze(2);                                                             // [B, T, 1]
        return (value * real).Sum(1) / real.Sum(1);                                                                 // [B, H]
    }
}
