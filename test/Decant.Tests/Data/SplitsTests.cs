using Decant.Data;
using Decant.Data.Splitting;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Data;

public class SplitsTests
{
    [Fact]
    public void A_seeded_split_has_the_sizes_asked_for_and_shares_nothing()
    {
        using var data = Make(("a", 600), ("b", 300), ("c", 100));
        using var splits = Splits.Make(data, options: new SplitOptions { Validation = 0.1, Test = 200 });
        Assert.Equal((700, 100, 200), (splits.Train.Count, splits.Validation!.Count, splits.Test!.Count));
        Assert.Equal([420, 210, 70], splits.Train.CountByClass());
        Assert.Equal([60, 30, 10], splits.Validation.CountByClass());
        Assert.Equal([120, 60, 20], splits.Test.CountByClass());
        Assert.Empty(splits.Overlaps);
        Assert.Equal(1000, Ids(splits.Train).Concat(Ids(splits.Validation)).Concat(Ids(splits.Test)).Distinct().Count());
    }

    [Fact]
    public void The_same_seed_gives_the_same_split_and_another_seed_another()
    {
        using var data = Make(("a", 60), ("b", 40));
        IEnumerable<SampleId> Test(long seed) => Ids(Splits.Make(data, options: new SplitOptions { Test = 20, Seed = seed }).Test!);
        Assert.Equal(Test(0), Test(0));
        Assert.NotEqual(Test(0), Test(1));
    }

    [Fact]
    public void Stratified_parts_are_exact_in_sum_and_have_every_class()
    {
        var counts = Gen.Choose(3, 60).NonEmptyListOf().Where(list => list.Count <= 12);
        Prop.ForAll(counts.Zip(Gen.Choose(1, 40)).ToArbitrary(), both =>
        {
            var (sizes, percent) = both;
            using var data = Make([.. sizes.Select((size, i) => ($"c{i}", size))]);
            var test = Math.Clamp((int)Math.Round(data.Count * percent / 100.0), sizes.Count, data.Count - (2 * sizes.Count));
            using var splits = Splits.Make(data, options: new SplitOptions { Test = test, Validation = sizes.Count });
            return splits.Test!.Count == test && splits.Validation!.Count == sizes.Count
                && new[] { splits.Train, splits.Validation, splits.Test }.All(part => part!.CountByClass().All(count => count > 0));
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Samples_with_the_same_content_go_into_the_same_split()
    {
        using var data = Dataset.From("d", Enumerable.Range(0, 300).Select(i => ((SampleContent)new TextContent($"text {i % 90}"), (string?)$"{i % 3}")));
        using var splits = Splits.Make(data, options: new SplitOptions { Validation = 0.2, Test = 0.2 });
        Assert.Empty(splits.Overlaps);
        Assert.Equal(300, splits.Train.Count + splits.Validation!.Count + splits.Test!.Count);
    }

    [Fact]
    public void Unlabelled_samples_stay_in_training()
    {
        using var data = Dataset.From("d", Enumerable.Range(0, 100).Select(i => ((SampleContent)new TextContent($"text {i}"), i < 40 ? "a" : null)));
        using var splits = Splits.Make(data, options: new SplitOptions { Test = 0.5 });
        Assert.Equal((20, 80, 20), (splits.Test!.Count, splits.Train.Count, splits.Train.LabelledCount));
    }

    [Fact]
    public void A_class_with_one_sample_is_named_when_the_split_is_stratified()
    {
        using var data = Make(("many", 50), ("lonely", 1));
        var error = Assert.Throws<DecantException>(() => Splits.Make(data, options: new SplitOptions { Test = 0.2 }));
        Assert.Contains("needs 2 different samples of every class, one for each of test, training; 'lonely' has 1, the first at d, sample 51", error.Message);
        using var splits = Splits.Make(data, options: new SplitOptions { Test = 0.2, Stratified = false });
        Assert.Equal(10, splits.Test!.Count);
        Assert.Equal(51, Splits.Make(data).Train.Count);
    }

    [Fact]
    public void Splits_that_cannot_be_are_refused()
    {
        using var data = Make(("a", 50), ("b", 50));
        Refuses(new SplitOptions { Validation = 0.5, Test = 0.5 }, "sum to 1, which leaves nothing to train on");
        Refuses(new SplitOptions { Validation = 60, Test = 40 }, "take all 100 labelled samples");
        Refuses(new SplitOptions { Test = 0.001 }, "the test split would be empty");
        Refuses(new SplitOptions { Test = 1 }, "cannot hold each of 2 classes");
        using var same = Dataset.From("same", Enumerable.Repeat(((SampleContent)new TextContent("a"), (string?)"x"), 20));
        Assert.Contains("the validation split would be empty: same has 1 different samples, and the same ones stay together", Assert.Throws<DecantException>(() => Splits.Make(same, options: new SplitOptions { Validation = 2, Stratified = false })).Message);
        Assert.Contains("a whole number of samples, came 2.5", Assert.Throws<DecantException>(() => new SplitOptions { Test = 2.5 }).Message);
        Assert.Contains("came -1", Assert.Throws<DecantException>(() => new SplitOptions { Test = -1 }).Message);
        using var given = Make(("a", 3));
        Assert.Contains("is given (d) and also asked for", Assert.Throws<DecantException>(() => Splits.Make(data, test: given, options: new SplitOptions { Test = 5 })).Message);

        void Refuses(SplitOptions options, string message) => Assert.Contains(message, Assert.Throws<DecantException>(() => Splits.Make(data, options: options)).Message);
    }

    [Fact]
    public void A_label_that_only_the_test_split_has_is_refused_by_name()
    {
        using var train = Make(("a", 3), ("b", 3));
        using var test = Dataset.From("test.csv", [(new TextContent("x"), "a"), (new TextContent("y"), "zebra")]);
        Assert.Contains("test.csv, sample 2: the label 'zebra' is not one of the 2 classes (a, b)", Assert.Throws<DecantException>(() => Splits.Make(train, test: test)).Message);
        using var unlabelled = Dataset.From("test.csv", [(new TextContent("x"), null)]);
        Assert.Contains("the test split has no labels", Assert.Throws<DecantException>(() => Splits.Make(train, test: unlabelled)).Message);
    }

    [Fact]
    public void Labels_of_given_splits_are_indices_into_the_classes_of_training()
    {
        using var train = Make(("a", 3), ("b", 3), ("c", 3));
        using var test = Dataset.From("t", [(new TextContent("x"), "c"), (new TextContent("y"), "b")]);
        using var splits = Splits.Make(train, test: test);
        Assert.Equal([2, 1], new[] { splits.Test!.LabelOf(0), splits.Test.LabelOf(1) }.Select(label => label!.Value));
        Assert.Same(splits.Train.Classes, splits.Test.Classes);
    }

    [Fact]
    public void Shared_samples_are_counted_dropped_or_refused()
    {
        using var train = Dataset.From("train", Enumerable.Range(0, 10).Select(i => ((SampleContent)new TextContent($"{i}"), (string?)"a")));
        using var test = Dataset.From("test", Enumerable.Range(8, 4).Select(i => ((SampleContent)new TextContent($"{i}"), (string?)"a")));
        var expected = new SplitOverlap("training", "test", 2, "test, sample 1", 0);
        Assert.Equal(expected, Splits.Make(train, test: test).Overlaps.Single());
        var dropped = Splits.Make(train, test: test, options: new SplitOptions { Overlap = OverlapPolicy.Drop });
        Assert.Equal((8, 4), (dropped.Train.Count, dropped.Test!.Count));
        Assert.Equal(expected with { Dropped = 2 }, dropped.Overlaps.Single());
        var error = Assert.Throws<DecantException>(() => Splits.Make(train, test: test, options: new SplitOptions { Overlap = OverlapPolicy.Refuse }));
        Assert.Contains("2 of the 4 test samples are in the training split too, the first at test, sample 1", error.Message);
    }

    [Fact]
    public void A_text_with_two_labels_or_none_is_dropped_from_training_where_a_later_part_that_is_cut_has_it()
    {
        // Every text of class a comes again as one of class b, and without a label.
        var texts = Enumerable.Range(0, 60).Select(i => (SampleContent)new TextContent($"text {i}")).ToArray();
        using var data = Dataset.From("d", [.. texts.Select(t => (t, (string?)"a")), .. texts.Select(t => (t, (string?)"b")), .. texts.Select(t => (t, (string?)null))]);
        foreach (var seed in Enumerable.Range(0, 5))
        {
            var options = new SplitOptions { Validation = 20, Test = 20, Seed = seed };
            using var splits = Splits.Make(data, options: options);
            var (train, validation, test) = (Hashes(splits.Train), Hashes(splits.Validation!), Hashes(splits.Test!));
            Assert.Empty(test.Intersect(validation));
            Assert.Empty(test.Intersect(train));
            Assert.Empty(validation.Intersect(train));
            Assert.Equal(20, splits.Test!.Count); // what measures stays whole
            var dropped = splits.Overlaps.Where(o => o.Earlier == "training").Sum(o => o.Dropped);
            Assert.Equal(180 - 20 - splits.Validation!.Count - splits.Overlaps.Where(o => o.Earlier == "validation").Sum(o => o.Dropped) - dropped, splits.Train.Count);
            Assert.True(dropped >= 40);

            // As it was before, if that is asked for.
            using var reported = Splits.Make(data, options: options with { Overlap = OverlapPolicy.Report });
            Assert.Equal(140, reported.Train.Count);
            Assert.All(reported.Overlaps, o => Assert.Equal(0, o.Dropped));
        }

        static HashSet<ulong> Hashes(Dataset part) => [.. Enumerable.Range(0, part.Count).Select(part.HashOf)];
    }

    [Fact]
    public void Beside_a_test_split_that_is_given_only_the_validation_that_is_cut_drops_samples()
    {
        var texts = Enumerable.Range(0, 40).Select(i => (SampleContent)new TextContent($"text {i}")).ToArray();
        using var train = Dataset.From("train", [.. texts.Select(t => (t, (string?)"a")), .. texts.Select(t => (t, (string?)"b"))]);
        using var test = Dataset.From("test", texts.Select(t => (t, (string?)"a")));
        using var splits = Splits.Make(train, test: test, options: new SplitOptions { Validation = 10 });
        Assert.All(splits.Overlaps.Where(o => o.Later == "test"), o => Assert.Equal(0, o.Dropped));
        Assert.True(splits.Overlaps.Single(o => (o.Earlier, o.Later) == ("training", "validation")).Dropped > 0);

        using var more = Dataset.From("more", texts.Select(t => (t, (string?)null)));
        var (rest, _) = Splits.Apart(more, "transfer", splits, policy: null);
        Assert.Equal(40 - Enumerable.Range(0, splits.Validation!.Count).Select(splits.Validation.HashOf).Distinct().Count(), rest.Count);
    }

    [Fact]
    public void Student_labels_keep_all_samples_and_a_stratified_choice_of_labels()
    {
        using var data = Make(("a", 600), ("b", 300), ("c", 100));
        var student = StudentData.KeepLabels(data, 100, seed: 1);
        Assert.Equal(Ids(data), Ids(student));
        Assert.Equal([60, 30, 10], student.CountByClass());
        Assert.Equal(Enumerable.Range(0, 1000).Select(student.LabelOf), Enumerable.Range(0, 1000).Select(StudentData.KeepLabels(data, 100, seed: 1).LabelOf));
        Assert.NotEqual(Enumerable.Range(0, 1000).Select(student.LabelOf), Enumerable.Range(0, 1000).Select(StudentData.KeepLabels(data, 100, seed: 2).LabelOf));
        Assert.Contains("2 labels cannot cover 3 classes", Assert.Throws<DecantException>(() => StudentData.KeepLabels(data, 2, 0)).Message);
        Assert.Contains("1,001 were requested", Assert.Throws<DecantException>(() => StudentData.KeepLabels(data, 1001, 0)).Message);
    }

    [Fact]
    public void Without_classes_leaves_samples_out_and_keeps_the_class_list()
    {
        using var data = Make(("a", 6), ("b", 3), ("c", 1));
        var rest = StudentData.WithoutClasses(data, ["b"]);
        Assert.Equal(7, rest.Count);
        Assert.Equal(["a", "b", "c"], rest.Classes);
        Assert.Equal([6, 0, 1], rest.CountByClass());
        Assert.Contains("'x' is not one of the 3 classes", Assert.Throws<DecantException>(() => StudentData.WithoutClasses(data, ["x"])).Message);
        Assert.Contains("nothing remains", Assert.Throws<DecantException>(() => StudentData.WithoutClasses(data, ["a", "b", "c"])).Message);
    }

    private static Dataset Make(params (string Class, int Count)[] classes) => Dataset.From(
        "d", classes.SelectMany(c => Enumerable.Range(0, c.Count).Select(i => ((SampleContent)new TextContent($"{c.Class} {i}"), (string?)c.Class))));

    private static IEnumerable<SampleId> Ids(Dataset data) => Enumerable.Range(0, data.Count).Select(data.IdOf);
}
