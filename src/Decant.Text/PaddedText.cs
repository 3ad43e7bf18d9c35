using Decant.Text.PostProcessing;

namespace Decant.Text;

/// <summary>Fills texts up.</summary>
internal static class PaddedText
{
    /// <summary>The text, filled up to a length; as it is where it is longer.</summary>
    /// <param name="text">The text.</param>
    /// <param name="padding">How it is filled up.</param>
    /// <param name="longest">The length, in tokens, where <paramref name="padding"/> has none that is fixed.</param>
    public static TokenizedText Padded(this TokenizedText text, Padding padding, int longest)
    {
        var length = padding.Fixed ?? longest;
        length = (length + padding.MultipleOf - 1) / padding.MultipleOf * padding.MultipleOf;
        var missing = length - text.Ids.Length;
        return missing <= 0 ? text : new TokenizedText
        {
            Ids = Filled(text.Ids, padding.Id),
            Tokens = Filled(text.Tokens, padding.Token),
            Offsets = Filled(text.Offsets, (0, 0)),
            TypeIds = Filled(text.TypeIds, padding.TypeId),
            IsSpecial = Filled(text.IsSpecial, true),
            AttentionMask = Filled(text.AttentionMask, false),
        };

        T[] Filled<T>(T[] values, T filling)
        {
            var fillings = Enumerable.Repeat(filling, missing);
            return padding.Left ? [.. fillings, .. values] : [.. values, .. fillings];
        }
    }
}
