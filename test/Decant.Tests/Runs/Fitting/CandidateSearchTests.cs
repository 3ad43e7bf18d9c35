using Decant.Models.FromTeacher;
using Decant.Runs.Fitting;

namespace Decant.Tests.Runs.Fitting;

/// <summary>The search over candidates whose figures are made up; all of them are looked at beside it.</summary>
public class CandidateSearchTests
{
    private static readonly CandidateGrid s_grid = CandidateGrid.Of(CandidateGridTests.Encoder(6), new PartOfTeacher(), [("float32", null), ("int8-dynamic", new Decant.Compression.Quantization.DynamicInt8())]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void What_it_finds_keeps_the_limits_and_nothing_larger_does(int seed)
    {
        var random = new Random(seed);
        var figures = s_grid.All().ToDictionary(c => c, c => FiguresOf(c, random));
        var sizes = figures.ToDictionary(f => f.Key, f => new CandidateSize(f.Value.Parameters, f.Value.Parameters * 9 / 10, f.Value.Parameters));
        var refused = 0;
        for (var i = 0; i < 20; i++)
        {
            var like = figures.Values.ElementAt(random.Next(figures.Count));
            var limits = new FitLimits(random.Next(2) == 0 ? like.Parameters : null, (long)(like.Bytes * (0.6 + random.NextDouble())), random.Next(2) == 0 ? like.Milliseconds * (0.3 + random.NextDouble()) : null);
            var kept = figures.Where(f => limits.Share(f.Value.Parameters, f.Value.Bytes, f.Value.Milliseconds) <= 1).Select(f => f.Key).ToHashSet();
            var asked = new Dictionary<Candidate, CandidateFigures>();
            var search = new CandidateSearch(sizes, limits, c => asked[c] = figures[c], new CandidateEstimates(sizes, asked), c => c.Levels.Sum(), c => c.Levels[0]);
            foreach (var end in new[] { s_grid.All().First(), s_grid.All().Last() })
                asked[end] = figures[end];
            var found = search.Find(8);
            Assert.All(found, c => Assert.Contains(c, kept));
            Assert.True(found.Count > 0 || kept.Count == 0, $"{limits}: nothing was found, and {kept.FirstOrDefault()?.Name} keeps it");
            Assert.DoesNotContain(found, c => found.Any(o => o.IsLargerThan(c)));
            if (found.Count == 0)
            {
                refused++;
                var (nearest, its) = search.Nearest(asked);
                Assert.True(limits.Share(its.Parameters, its.Bytes, its.Milliseconds) > 1);
                Assert.All(asked, a => Assert.True(limits.Share(a.Value.Parameters, a.Value.Bytes, a.Value.Milliseconds) >= limits.Share(its.Parameters, its.Bytes, its.Milliseconds)));
            }
        }

        Assert.True(refused < 20);
    }

    // Larger in every respect takes more; times scatter, and files of few bits are smaller and not always faster.
    private static CandidateFigures FiguresOf(Candidate candidate, Random random)
    {
        var size = candidate.Levels.SkipLast(1).Aggregate(1e6, (product, level) => product * Math.Pow(0.7, level));
        var isFew = candidate.Levels[^1] == 1;
        return new CandidateFigures((long)size, (long)(size * (isFew ? 1.2 : 4.1)), size / 1e5 * (isFew ? 0.8 : 1) * (1 + (0.05 * random.NextDouble())));
    }
}
