using Decant.Data;
using Decant.Data.Splitting;

namespace Decant.Tests.Data;

public class LongTailTests
{
    [Fact]
    public void Worked_by_hand_three_classes_at_a_hundred_to_one()
    {
        // n_c = 500·100^(−c ÷ 2): 500, 50, 5.
        using var data = LongTail.Cut(ClassSamplingTests.Classes(500, 500, 500), 100, seed: 0);
        Assert.Equal([500, 50, 5], data.CountByClass());
        Assert.Equal(["c0", "c1", "c2"], data.Classes);
    }

    [Fact]
    public void The_profile_is_exact_where_the_classes_were_not_quite_equal()
    {
        // The second class has 40, so that the first may keep 400: 400, 40, 4.
        using var data = LongTail.Cut(ClassSamplingTests.Classes(500, 40, 900), 100, seed: 0);
        Assert.Equal([400, 40, 4], data.CountByClass());
    }

    [Fact]
    public void The_seed_chooses_the_samples_and_a_longer_tail_keeps_some_of_a_shorter_ones()
    {
        using var all = ClassSamplingTests.Classes(300, 300, 300);
        SampleId[] Kept(double ratio, long seed)
        {
            using var cut = LongTail.Cut(all, ratio, seed);
            return [.. Enumerable.Range(0, cut.Count).Select(cut.IdOf)];
        }

        Assert.Equal(Kept(10, 1), Kept(10, 1));
        Assert.NotEqual(Kept(10, 1), Kept(10, 2));
        Assert.Subset(Kept(10, 1).ToHashSet(), Kept(100, 1).ToHashSet());
    }

    [Fact]
    public void Unlabelled_samples_stay_and_the_order_is_that_of_the_data()
    {
        using var all = ClassSamplingTests.Classes(100, 100).WithLabelsWhere(i => i % 4 != 0);
        using var data = LongTail.Cut(all, 10, seed: 0);
        Assert.Equal([75, 8], data.CountByClass()); // 7.5 rounded
        Assert.Equal(50, data.Count - data.LabelledCount);
        var order = Enumerable.Range(0, all.Count).ToDictionary(all.IdOf, i => i);
        var rows = Enumerable.Range(0, data.Count).Select(i => order[data.IdOf(i)]).ToArray();
        Assert.Equal(rows.Order(), rows);
    }

    [Fact]
    public void A_tail_that_would_be_empty_or_a_single_class_is_refused_with_what_to_do()
    {
        using var few = ClassSamplingTests.Classes(20, 20, 20);
        Assert.Contains("'c2' would keep none of its 20 samples", Assert.Throws<DecantException>(() => LongTail.Cut(few, 100, seed: 0)).Message);
        using var one = ClassSamplingTests.Classes(20);
        Assert.Contains("a single class", Assert.Throws<DecantException>(() => LongTail.Cut(one, 10, seed: 0)).Message);
    }
}
