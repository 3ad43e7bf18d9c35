using Decant.Data;
using Decant.Data.Batching;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Data;

public class ClassSamplingTests
{
    private static readonly ClassSampling s_balanced = new() { Classes = ClassShares.Balanced };

    [Theory]
    [InlineData(ClassShares.Proportional, new[] { 900, 90, 10 })]
    [InlineData(ClassShares.SquareRoot, new[] { 703, 223, 74 })] // 30 : 9.49 : 3.16
    [InlineData(ClassShares.Balanced, new[] { 334, 333, 333 })]
    public void Worked_by_hand_a_thousand_draws_over_900_90_and_10_samples(ClassShares shares, int[] draws) =>
        Assert.Equal(draws, new ClassSampling { Classes = shares }.Draws([900, 90, 10]));

    [Fact]
    public void Effective_numbers_go_from_proportional_to_balanced_as_beta_goes_from_0_to_1()
    {
        int[] Draws(double beta) => new ClassSampling { Classes = ClassShares.EffectiveNumber, Beta = beta }.Draws([900, 90, 10]);
        Assert.Equal([900, 90, 10], Draws(0));
        // β = 0.99: n ÷ E_n is 9.0011, 1.5118 and 1.0458, of 11.5587 together.
        Assert.Equal([779, 131, 90], Draws(0.99));
        Assert.Equal([334, 333, 333], Draws(0.9999999));
    }

    [Fact]
    public void Draws_are_as_many_as_there_are_samples_and_none_of_a_class_that_has_none() =>
        Prop.ForAll(
            Gen.Choose(0, 400).NonEmptyListOf().Where(list => list.Sum() > 0).Zip(Gen.Elements(Enum.GetValues<ClassShares>())).ToArbitrary(),
            t =>
            {
                int[] counts = [.. t.Item1];
                var draws = new ClassSampling { Classes = t.Item2 }.Draws(counts);
                return draws.Sum() == counts.Sum() && draws.Zip(counts, (d, n) => n == 0 ? d == 0 : d >= 1).All(ok => ok);
            }).QuickCheckThrowOnFailure();

    [Fact]
    public void An_epoch_stays_as_long_as_it_was_and_has_every_class_equally_often()
    {
        using var data = Classes(90, 9, 3);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 10, Seed = 7, Sampling = s_balanced });
        Assert.Equal(11, source.BatchesPerEpoch);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var ids = Ids(source.Enumerate(epoch)).SelectMany(batch => batch).ToArray();
            Assert.Equal(102, ids.Length);
            Assert.Equal([34, 34, 34], Counts(data, ids));
        }

        Assert.NotEqual(Ids(source.Enumerate(0)).SelectMany(b => b), Ids(source.Enumerate(1)).SelectMany(b => b));
    }

    [Fact]
    public void A_class_goes_through_all_its_samples_before_one_comes_again()
    {
        using var data = Classes(90, 9, 3);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 10, Seed = 7, Sampling = s_balanced });
        var drawn = Enumerable.Range(0, 9).SelectMany(epoch => Ids(source.Enumerate(epoch)).SelectMany(batch => batch)).GroupBy(id => id).ToDictionary(g => g.Key, g => g.Count());
        // 9 × 34 = 306 draws of each class: 3.4 rounds of 90, 34 of 9, 102 of 3.
        foreach (var (c, fewest, most) in new[] { (0, 3, 4), (1, 34, 34), (2, 102, 102) })
            Assert.All(Enumerable.Range(0, data.Count).Where(i => data.LabelOf(i) == c), i => Assert.InRange(drawn[data.IdOf(i)], fewest, most));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void Resuming_at_any_batch_gives_the_rest_of_the_same_epoch_bit_for_bit(int prefetch)
    {
        using var data = Images(40, 4, 1);
        var source = new BatchSource(data, new ImageCollator(augment: new AugmentOptions { CropPadding = 2, Flip = true }), new BatchOptions { Size = 7, Seed = 3, Prefetch = prefetch, Sampling = s_balanced });
        var whole = Pixels(source.Enumerate(4));
        for (var from = 0; from <= source.BatchesPerEpoch; from++) Assert.Equal(whole.Skip(from), Pixels(source.Enumerate(4, from)));
    }

    [Fact]
    public void A_sample_that_comes_again_in_an_epoch_is_varied_anew()
    {
        using var data = Images(40, 4, 1);
        var source = new BatchSource(data, new ImageCollator(augment: new AugmentOptions { CropPadding = 3, Flip = true }), new BatchOptions { Size = 45, Seed = 3, Sampling = s_balanced });
        using var batch = source.Enumerate(0).Single();
        var image = 8 * 8;
        var pixels = batch.Values.ToArray<float>();
        var lone = data.IdOf(44);
        var variations = Enumerable.Range(0, batch.Ids.Count).Where(i => batch.Ids[i] == lone).Select(i => string.Join(',', pixels.Skip(i * image).Take(image))).ToArray();
        Assert.Equal(15, variations.Length);
        Assert.True(variations.Distinct().Count() > 10, $"{variations.Distinct().Count()} different of {variations.Length}");
    }

    [Fact]
    public void Samples_without_a_label_come_once_an_epoch()
    {
        using var all = Classes(60, 6, 6);
        using var data = all.WithLabelsWhere(i => i % 2 == 0);
        var source = new BatchSource(data, new VectorCollator(), new BatchOptions { Size = 10, Sampling = s_balanced });
        var ids = Ids(source.Enumerate(2)).SelectMany(batch => batch).ToArray();
        Assert.Equal(72, ids.Length);
        Assert.All(Enumerable.Range(0, data.Count).Where(i => !data.IsLabelled(i)), i => Assert.Single(ids, id => id == data.IdOf(i)));
        Assert.Equal([12, 12, 12], Counts(data, ids));
    }

    [Fact]
    public void What_has_no_classes_or_batches_of_so_many_tokens_is_refused()
    {
        using var numbers = Dataset.FromNumbers("numbers", [(new VectorContent(new float[2]), (IReadOnlyList<float>?)[1f])]);
        Assert.Contains("its labels are no classes", Assert.Throws<DecantException>(() => new BatchSource(numbers, new VectorCollator(), new BatchOptions { Size = 1, Sampling = s_balanced })).Message);
        using var data = Classes(3, 3);
        Assert.Throws<ArgumentException>(() => new BatchSource(data, new VectorCollator(), new BatchOptions { Tokens = 10, Sampling = s_balanced }));
    }

    internal static Dataset Classes(params int[] sizes) => Dataset.From("classes", sizes.SelectMany((size, c) => Enumerable.Range(0, size).Select(i => ((SampleContent)new VectorContent(new float[] { c, i }), (string?)$"c{c}"))));

    private static Dataset Images(params int[] sizes)
    {
        var random = new Random(4);
        return Dataset.From("images", sizes.SelectMany((size, c) => Enumerable.Range(0, size).Select(_ =>
        {
            var pixels = new byte[64];
            random.NextBytes(pixels);
            return ((SampleContent)new ImageContent(pixels, 1, 8, 8), (string?)$"c{c}");
        })));
    }

    private static int[] Counts(Dataset data, IEnumerable<SampleId> ids)
    {
        var classes = Enumerable.Range(0, data.Count).ToDictionary(data.IdOf, data.LabelOf);
        return [.. Enumerable.Range(0, data.Classes.Count).Select(c => ids.Count(id => classes[id] == c))];
    }

    private static List<SampleId[]> Ids(IEnumerable<Batch> batches)
    {
        var ids = new List<SampleId[]>();
        foreach (var batch in batches)
        {
            using (batch) ids.Add([.. batch.Ids]);
        }

        return ids;
    }

    private static List<float[]> Pixels(IEnumerable<Batch> batches)
    {
        var pixels = new List<float[]>();
        foreach (var batch in batches)
        {
            using (batch) pixels.Add(batch.Values.ToArray<float>());
        }

        return pixels;
    }
}
