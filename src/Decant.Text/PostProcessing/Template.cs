namespace Decant.Text.PostProcessing;

/// <summary>A place in a template: a text, or tokens of its own.</summary>
/// <param name="Sequence">0: the first text; 1: the second; −1: the tokens.</param>
/// <param name="Ids">The tokens; empty for a text.</param>
/// <param name="TypeId">The type of all of them.</param>
internal readonly record struct TemplatePiece(int Sequence, int[] Ids, byte TypeId)
{
    public static TemplatePiece Text(int sequence, byte type) => new(sequence, [], type);

    public static TemplatePiece Tokens(byte type, params int[] ids) => new(-1, ids, type);
}

/// <summary>What a model reads: the text, or both texts, and the tokens around them.</summary>
/// <param name="Single">For one text.</param>
/// <param name="Pair">For two.</param>
internal sealed record Template(TemplatePiece[] Single, TemplatePiece[] Pair)
{
    /// <summary>The texts alone.</summary>
    public static Template None { get; } = new([TemplatePiece.Text(0, 0)], [TemplatePiece.Text(0, 0), TemplatePiece.Text(1, 1)]);

    /// <summary>Whether white space is left out of a token's place in the text.</summary>
    public bool TrimsOffsets { get; init; }

    /// <summary>Whether nothing but the texts is in it.</summary>
    public bool AddsNothing => Single.All(piece => piece.Sequence >= 0) && Pair.All(piece => piece.Sequence >= 0);

    public TemplatePiece[] For(bool hasPair) => hasPair ? Pair : Single;

    /// <summary>How many tokens it adds.</summary>
    public int Added(bool hasPair) => For(hasPair).Sum(piece => piece.Ids.Length);
}
