using Decant.Evaluation;

namespace Decant.Tests.Evaluation;

public class ClassGroupTests
{
    [Fact]
    public void Ten_classes_are_three_four_and_three_by_their_training_samples()
    {
        var groups = ClassGroup.Of([10, 900, 20, 800, 30, 700, 40, 600, 50, 500]);
        Assert.Equal(["head", "middle", "tail"], groups.Select(g => g.Name));
        Assert.Equal([1, 3, 5], groups[0].Classes);
        Assert.Equal([7, 9, 8, 6], groups[1].Classes);
        Assert.Equal([4, 2, 0], groups[2].Classes);
        Assert.Equal((30, 10), (groups[2].Most, groups[2].Fewest));
    }

    [Theory]
    [InlineData(2, 1, 0, 1)]
    [InlineData(3, 1, 1, 1)]
    [InlineData(4, 1, 2, 1)]
    [InlineData(5, 2, 1, 2)]
    [InlineData(20, 7, 6, 7)]
    public void Head_and_tail_are_thirds_rounded(int classes, int head, int middle, int tail)
    {
        var sizes = ClassGroup.Of([.. Enumerable.Range(1, classes).Select(n => 100 * n * n)]).ToDictionary(g => g.Name, g => g.Classes.Count);
        Assert.Equal((head, middle, tail), (sizes["head"], sizes.GetValueOrDefault("middle"), sizes["tail"]));
    }

    [Fact]
    public void Classes_that_are_about_equal_have_no_groups()
    {
        Assert.Empty(ClassGroup.Of([299, 100, 150]));
        Assert.NotEmpty(ClassGroup.Of([300, 100, 150]));
        Assert.NotEmpty(ClassGroup.Of([300, 0, 150]));
        Assert.Empty(ClassGroup.Of([5]));
    }

    [Fact]
    public void Worked_by_hand_the_recall_of_a_group_is_the_mean_over_its_classes()
    {
        // Class 0: 3 of 4 right; class 1: 0 of 1; class 2, not of the group: 1 of 2.
        var predictions = Some.Answers(3, [0, 0, 0, 2, 0, 2, 1], [0, 0, 0, 0, 1, 2, 2]);
        var group = new ClassGroup("tail", [0, 1], 10, 1);
        Assert.Equal(0.375, group.RecallOf(predictions)!.Value, 1e-12);
        // Influence: (right − R_c)·7 ÷ (2·n_c).
        var scores = group.Scores(predictions)!;
        Assert.Equal(0.375 + (0.25 * 7 / 8), scores[0], 1e-12);
        Assert.Equal(0.375 - (0.75 * 7 / 8), scores[3], 1e-12);
        Assert.Equal(0.375, scores[4], 1e-12); // a class that is never right cannot be worse
        Assert.Equal(0.375, scores[6], 1e-12);
        Assert.Equal(0.375, scores.Average(), 1e-12);
    }

    [Fact]
    public void A_class_that_the_split_lacks_is_left_out_and_a_group_of_such_has_no_recall()
    {
        var predictions = Some.Answers(3, [0, 1, 1], [0, 0, 1]);
        Assert.Equal(1, new ClassGroup("tail", [1, 2], 10, 1).RecallOf(predictions));
        Assert.Null(new ClassGroup("tail", [2], 10, 1).RecallOf(predictions));
        Assert.Null(new ClassGroup("tail", [2], 10, 1).Scores(predictions));
    }

    [Fact]
    public void The_interval_is_that_of_a_bootstrap_that_computes_the_recall_anew_for_every_draw()
    {
        var (a, b) = (Some.Random(3, 6, 1500), Some.Random(4, 6, 1500));
        b = new Predictions(b.Logits, 6, a.Labels, a.SampleIds);
        var group = new ClassGroup("tail", [3, 5], 10, 1);
        var difference = PairedDifference.Of([group.Scores(a)!], [group.Scores(b)!]);
        Assert.Equal(group.RecallOf(a)!.Value - group.RecallOf(b)!.Value, difference.Difference, 1e-12);
        var random = new Random(5);
        var drawn = Enumerable.Range(0, 2000).Select(_ =>
        {
            var rows = Enumerable.Range(0, 1500).Select(_ => random.Next(1500)).ToArray();
            double Recall(Predictions p) => group.Classes.Average(c => rows.Where(i => p.Labels[i] == c).Average(i => p.IsCorrect(i) ? 1.0 : 0));
            return Recall(a) - Recall(b);
        }).Order().ToArray();
        var width = drawn[1949] - drawn[50];
        Assert.InRange(difference.Low, drawn[50] - (0.08 * width), drawn[50] + (0.08 * width));
        Assert.InRange(difference.High, drawn[1949] - (0.08 * width), drawn[1949] + (0.08 * width));
    }
}
