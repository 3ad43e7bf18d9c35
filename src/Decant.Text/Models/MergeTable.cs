namespace Decant.Text.Models;

/// <summary>What two neighbouring tokens become, and how early that was learned.</summary>
internal sealed class MergeTable
{
    private const ulong Factor = 0x9E3779B97F4A7C15;
    private readonly (ulong Key, int Rank, int Id)[] _merges; // key + 1, so that 0 is free
    private readonly int _shift;

    public MergeTable(Dictionary<string, int> vocabulary, IReadOnlyList<(string Left, string Right)> merges, string prefix)
    {
        var bits = Math.Max(4, System.Numerics.BitOperations.Log2((uint)Math.Max(1, merges.Count)) + 2);
        _merges = new (ulong, int, int)[1 << bits];
        _shift = 64 - bits;
        for (var rank = 0; rank < merges.Count; rank++)
        {
            var (left, right) = merges[rank];
            if (prefix.Length > 0 && !right.StartsWith(prefix, StringComparison.Ordinal) && right.Length < prefix.Length) throw new DecantException($"The tokenizer's merge {rank + 1} ends in '{right}', which lacks the prefix '{prefix}'.");
            Add(Key(IdOf(left, rank), IdOf(right, rank)), rank, IdOf(string.Concat(left, right.AsSpan(prefix.Length)), rank));
        }

        int IdOf(string token, int rank) => vocabulary.TryGetValue(token, out var id)
            ? id : throw new DecantException($"The tokenizer's merge {rank + 1} needs the token '{token}', which its vocabulary lacks.");
    }

    /// <summary>The rank of a pair, the lower the earlier; <see cref="int.MaxValue"/> where the two do not merge.</summary>
    public int Rank(int left, int right, out int id)
    {
        var key = Key(left, right);
        for (var at = Place(key); ; at = (at + 1) & (_merges.Length - 1))
        {
            ref readonly var merge = ref _merges[at];
            if (merge.Key == key)
            {
                id = merge.Id;
                return merge.Rank;
            }

            if (merge.Key != 0) continue;
            id = -1;
            return int.MaxValue;
        }
    }

    /// <summary>Of a pair that is listed twice the later place holds, as where a dictionary is filled.</summary>
    private void Add(ulong key, int rank, int id)
    {
        var at = Place(key);
        while (_merges[at].Key != 0 && _merges[at].Key != key) at = (at + 1) & (_merges.Length - 1);
        _merges[at] = (key, rank, id);
    }

    private static ulong Key(int left, int right) => (((ulong)(uint)left << 32) | (uint)right) + 1;

    private int Place(ulong key) => (int)((key * Factor) >> _shift);
}
