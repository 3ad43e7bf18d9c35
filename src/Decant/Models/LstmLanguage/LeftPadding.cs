using Decant.Modules;
using Decant.Torch;

namespace Decant.Models.LstmLanguage;

/// <summary>Padding that stands left of texts, as generation has it, moved to the right of them, where a recurrent network spends no step on it.</summary>
internal static class LeftPadding
{
    /// <summary>The same texts from the first column on, with the prediction after the last token of each.</summary>
    /// <param name="tokens">[B, T] int64.</param>
    /// <param name="mask">[B, T] bool, false left of a text and nowhere else.</param>
    /// <exception cref="ArgumentException">There is padding right of a token.</exception>
    public static ModelInput Moved(Tensor tokens, Tensor mask)
    {
        var (batch, length) = (checked((int)tokens.Size(0)), checked((int)tokens.Size(1)));
        var isToken = mask.ToArray<bool>();
        var (places, moved, last) = (new long[batch * length], new bool[batch * length], new long[batch]);
        for (var row = 0; row < batch; row++)
        {
            var flags = isToken.AsSpan(row * length, length);
            var padding = flags.IndexOf(true) is var first && first >= 0 ? first : length - 1; // a text without a token counts as one token
            if (flags[padding..].Contains(false) && first >= 0)
                throw new ArgumentException($"Padding stands at the beginning of a text, but row {row} of the mask has padding behind a token.", nameof(mask));
            for (var t = 0; t < length; t++)
            {
                places[(row * length) + t] = Math.Min(t + padding, length - 1);
                moved[(row * length) + t] = t < length - padding;
            }

            last[row] = ((row + 1) * length) - 1 - padding;
        }

        var device = tokens.Device;
        return new ModelInput(
            tokens.Gather(1, Tensor.From(places, batch, length).To(device)), Tensor.From(moved, batch, length).To(device), Positions: Tensor.From(last).To(device));
    }
}
