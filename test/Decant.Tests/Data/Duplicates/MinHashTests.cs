using Decant.Data;
using Decant.Data.Duplicates;

namespace Decant.Tests.Data.Duplicates;

public sealed class MinHashTests
{
    private const int Hashes = 128;

    [Theory]
    [InlineData(new ulong[] { 1, 2, 3 }, new ulong[] { 1, 2, 3 }, 1)]
    [InlineData(new ulong[] { 1, 2, 3 }, new ulong[] { 2, 3, 4 }, 0.5)]
    [InlineData(new ulong[] { 1, 2, 3, 4 }, new ulong[] { 5 }, 0)]
    [InlineData(new ulong[] { }, new ulong[] { }, 1)]
    [InlineData(new ulong[] { }, new ulong[] { 5 }, 0)]
    public void The_similarity_of_sets_is_what_they_share_of_all_that_they_have(ulong[] a, ulong[] b, double expected)
    {
        Assert.Equal(expected, Shingles.Jaccard(a, b));
        Assert.Equal(expected, Shingles.Jaccard(b, a));
    }

    [Theory]
    [InlineData("The cat sat on the mat.", 2, 5)]
    [InlineData("the the the the", 2, 1)]
    [InlineData("one", 2, 1)]
    [InlineData("我喜欢这个", 2, 4)]
    [InlineData("one two three", 3, 1)]
    public void A_text_of_n_words_has_n_minus_size_plus_one_shingles_each_once(string text, int size, int count) =>
        Assert.Equal(count, Shingles.Of(TextParts.Of(text), size).Length);

    // A place agrees with p = J + (1 − J) ÷ 256, so the estimate has the deviation √(p(1 − p) ÷ k) ÷ (1 − 1/256).
    [Theory]
    [InlineData(0.2)]
    [InlineData(0.5)]
    [InlineData(0.8)]
    [InlineData(0.95)]
    public void The_estimate_is_as_near_to_the_similarity_as_the_binomial_says(double similarity)
    {
        const int Pairs = 400;
        var p = similarity + ((1 - similarity) / 256);
        var deviation = Math.Sqrt(p * (1 - p) / Hashes) / (255.0 / 256);
        double[] errors = [.. Enumerable.Range(0, Pairs).Select(pair =>
        {
            var (a, b, exact) = Pair(similarity, 200, (ulong)pair);
            Assert.Equal(similarity, exact, 2);
            var hasher = new MinHasher(Hashes, 7); // the same functions for all pairs: the sets are random
            return (MinHasher.Estimate(hasher.Sign(a), hasher.Sign(b)) - exact) / deviation;
        })];
        Assert.InRange(errors.Average(), -4 / Math.Sqrt(Pairs), 4 / Math.Sqrt(Pairs));
        Assert.InRange(Math.Sqrt(errors.Average(e => e * e)), 0.85, 1.15); // 1 ± 4 ÷ √(2·400) is 0.86 to 1.14
        Assert.InRange(errors.Count(e => Math.Abs(e) > 3.5), 0, 3);
    }

    [Theory]
    [InlineData(32)]
    [InlineData(61)]
    [InlineData(128)]
    public void A_signature_follows_from_set_and_seed_alone_whatever_the_width_of_vectors(int hashes)
    {
        ulong[] set = [3, 1_000_000_007, ulong.MaxValue, 42];
        var signature = new MinHasher(hashes, 5).Sign(set);
        Assert.Equal(signature, new MinHasher(hashes, 5).Sign([.. set.Reverse()]));
        Assert.NotEqual(signature, new MinHasher(hashes, 6).Sign(set));
        Assert.Equal(signature[..32], new MinHasher(32, 5).Sign(set)[..32]);
        Assert.Equal(1, MinHasher.Estimate(signature, signature));
        Assert.Equal(Slow(set, hashes, 5), signature); // the same on every machine
    }

    [Theory]
    [InlineData(0.8, 6, 21)]
    [InlineData(0.5, 3, 42)]
    [InlineData(1.0, 8, 16)]
    public void Bands_are_as_long_as_they_may_be_to_find_99_of_100_at_the_threshold(double near, int places, int bands)
    {
        var table = new SignatureTable(Hashes, near);
        Assert.Equal((places, bands), (table.Places, table.Bands));
        Assert.True(1 - Math.Pow(1 - Math.Pow(near, places), bands) >= 0.99);
    }

    [Fact]
    public void Pairs_are_found_as_often_as_the_bands_promise()
    {
        const int Pairs = 2000;
        var hasher = new MinHasher(Hashes, 1);
        foreach (var (similarity, least, most) in new[] { (0.8, 0.99, 1.0), (0.9, 0.999, 1.0), (0.3, 0.0, 0.04) })
        {
            var table = new SignatureTable(Hashes, 0.8);
            var pairs = Enumerable.Range(0, Pairs).Select(pair => Pair(similarity, 100, (ulong)pair + 10_000)).ToArray();
            foreach (var (a, _, _) in pairs)
                table.Add(hasher.Sign(a));
            var found = pairs.Select((pair, row) => table.Candidates(hasher.Sign(pair.B)).Contains(row)).Count(f => f);
            Assert.InRange((double)found / Pairs, least, most); // 0.3: 1 − (1 − 0.3⁶)²¹ is 1.5 %
        }
    }

    [Fact]
    public void Unlike_sets_share_next_to_no_band()
    {
        var hasher = new MinHasher(Hashes, 1);
        var table = new SignatureTable(Hashes, 0.8);
        for (var i = 0UL; i < 3000; i++)
            table.Add(hasher.Sign(Pair(0, 30, i).A));
        Assert.Equal(3000, table.Count);
        Assert.InRange(Enumerable.Range(0, 3000).Sum(i => table.Candidates(hasher.Sign(Pair(0, 30, (ulong)i).B)).Count), 0, 2);
    }

    /// <summary>The same by the definition: of each permutation the low byte of the least image.</summary>
    private static byte[] Slow(ulong[] set, int hashes, ulong seed)
    {
        var random = new Rng(seed);
        return [.. Enumerable.Range(0, hashes).Select(_ =>
        {
            var (multiply, add) = ((uint)random.NextUInt64() | 1, (uint)random.NextUInt64());
            return (byte)set.Min(member =>
            {
                var x = ((uint)(member ^ (member >> 32)) * multiply) + add;
                x = (x ^ (x >> 16)) * 0x85EBCA6B;
                x = (x ^ (x >> 13)) * 0xC2B2AE35;
                return x ^ (x >> 16);
            });
        })];
    }

    /// <summary>Two random sets of a similarity: of |A ∪ B| = n members they share J·n.</summary>
    private static (ulong[] A, ulong[] B, double Exact) Pair(double similarity, int union, ulong seed)
    {
        var random = new Rng(seed);
        var members = Enumerable.Range(0, union).Select(_ => random.NextUInt64()).ToArray();
        var both = (int)Math.Round(similarity * union);
        var half = both + ((union - both) / 2);
        ulong[] a = [.. members[..half].Order()], b = [.. members[..both].Concat(members[half..]).Order()];
        return (a, b, Shingles.Jaccard(a, b));
    }
}
