using Decant.Text;

namespace Decant.Data.Batching;

/// <summary>A tokenizer's special tokens as collators use them, whichever of them there are.</summary>
internal sealed class SpecialIds
{
    private readonly HashSet<int> _all;
    private readonly int? _mask;

    private SpecialIds(ITokenizer tokenizer)
    {
        var special = tokenizer.Special;
        Unknown = special.Unknown;
        _mask = special.Mask;
        Pad = special.Filler; // masked out wherever it stands
        (Before, After) = SurroundingTokens.Of(tokenizer);
        int?[] roles = [special.Pad, special.Unknown, special.Classification, special.Separator, special.Mask, special.Bos, special.Eos];
        _all = [.. roles.OfType<int>(), .. special.Additional, .. Before, .. After];
    }

    public int Pad { get; }

    public int? Unknown { get; }

    /// <summary>What stands before a model's only text, such as [CLS].</summary>
    public int[] Before { get; }

    /// <summary>What stands after it, such as [SEP].</summary>
    public int[] After { get; }

    public static SpecialIds Of(ITokenizer tokenizer) => new(tokenizer);

    public bool Contains(int id) => _all.Contains(id);

    /// <summary>Whether it is one of those around a text; [UNK] is not.</summary>
    public bool IsAround(int id) => Array.IndexOf(Before, id) >= 0 || Array.IndexOf(After, id) >= 0;

    public int RequireMask(string what) => _mask ?? throw new DecantException($"{what} hides tokens, and the tokenizer has no [MASK]; take a tokenizer that has one.");
}
