using Decant.Text.Alignment;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Text.Alignment;

public sealed class TokenSpanTests
{
    [Fact]
    public void Worked_by_hand()
    {
        // "the cat": the | c | at and th | e | cat.
        Assert.Equal([new(0, 1, 0, 2), new(1, 2, 2, 1)], TokenSpan.Between([3, 4, 7], [2, 3, 7]));
        Assert.Equal([new(0, 1, 0, 1), new(1, 1, 1, 1)], TokenSpan.Between([1, 2], [1, 2]));
        Assert.Equal([new(0, 3, 0, 2)], TokenSpan.Between([1, 3, 5], [2, 5]));
        Assert.Empty(TokenSpan.Between([1, 3], [1, 4]));
        Assert.Empty(TokenSpan.Between([], []));
        // What has no bytes belongs to what is before it.
        Assert.Equal([new(0, 2, 0, 1), new(2, 1, 1, 1)], TokenSpan.Between([2, 2, 3], [2, 3]));
    }

    [Fact]
    public void Spans_are_the_finest_parts_that_both_cut_off()
    {
        var cuts = Gen.Choose(1, 30).SelectMany(length => Ends(length).SelectMany(a => Ends(length).Select(b => (a, b))));
        Prop.ForAll(cuts.ToArbitrary(), t =>
        {
            var spans = TokenSpan.Between(t.a, t.b);
            // As a set: a place where both have an end.
            var common = t.a.Intersect(t.b).ToArray();
            Assert.Equal(common, spans.Select(s => t.a[s.Student + s.Students - 1]));
            Assert.Equal(common, spans.Select(s => t.b[s.Teacher + s.Teachers - 1]));
            Assert.Equal(t.a.Length, spans.Sum(s => s.Students));
            Assert.Equal(t.b.Length, spans.Sum(s => s.Teachers));
            Assert.All(spans.Zip(spans.Skip(1)), p => Assert.Equal((p.First.Student + p.First.Students, p.First.Teacher + p.First.Teachers), (p.Second.Student, p.Second.Teacher)));
        }).QuickCheckThrowOnFailure();

        static Gen<int[]> Ends(int length) => Gen.SubListOf(Enumerable.Range(1, length)).Select(some => some.Append(length).Distinct().Order().ToArray());
    }
}
