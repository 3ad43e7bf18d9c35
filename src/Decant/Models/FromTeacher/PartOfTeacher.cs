namespace Decant.Models.FromTeacher;

/// <summary>Which part of a teacher a student begins as; what is null stays as it is.</summary>
public sealed record PartOfTeacher
{
    /// <summary>The teacher's layers in the student's order, by number from 0; null: all.</summary>
    public IReadOnlyList<int>? Layers { get; init; }

    /// <summary>The width of the hidden states, H: the first H columns of the teacher's.</summary>
    public int? Hidden { get; init; }

    /// <summary>The number of attention heads: the first ones of the teacher's; their width stays.</summary>
    public int? Heads { get; init; }

    /// <summary>Heads of keys and values, where they are fewer than the others.</summary>
    public int? KvHeads { get; init; }

    /// <summary>The width between the linear layers of a block.</summary>
    public int? Intermediate { get; init; }

    /// <summary>The tokens that are kept, by their id in the teacher's vocabulary, in the student's order; null: all. The settings name special tokens by their new ids.</summary>
    public IReadOnlyList<int>? Tokens { get; init; }
}
