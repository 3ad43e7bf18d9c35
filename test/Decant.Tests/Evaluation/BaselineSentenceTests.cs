using Decant.Evaluation;
using Decant.Evaluation.Verdicts;

namespace Decant.Tests.Evaluation;

/// <summary>What the baselines beside the control say.</summary>
public sealed class BaselineSentenceTests
{
    private static PairedDifference Difference(double a, double b, double low, double high, int seeds = 3) =>
        new() { MeanA = a, MeanB = b, Low = low, High = high, Confidence = 0.95, Samples = 1000, Seeds = seeds, FewestSeeds = seeds };

    private static readonly PairedDifference s_labels = Difference(0.869, 0.684, 0.17, 0.20);
    private static readonly PairedDifference s_teacher = Difference(0.873, 0.684, 0.17, 0.21);

    [Theory]
    [InlineData(-0.005, 0.013, 3, " (95 % interval −0.5 to +1.3, 3 seeds): the effect of the teacher cannot be separated from that of the hidden labels")]
    [InlineData(0.001, 0.013, 3, " (95 % interval +0.1 to +1.3, 3 seeds): the teacher helps more than the hidden labels would")]
    [InlineData(0.001, 0.013, 1, " (95 % interval +0.1 to +1.3)")]
    public void Student_labels_and_teacher_stand_in_one_sentence(double low, double high, int seeds, string end) => Assert.Equal(
        "The same student on all 11,520 labels, without the teacher, reaches 86.9 %: over the control the labels alone give +18.5 points, the teacher gave +18.9 points; student minus all-labels +0.4 points"
            + end,
        BaselineSentence.AllLabels(Difference(0.873, 0.869, low, high, seeds), s_labels, s_teacher, 11_520));

    [Fact]
    public void A_student_that_lacks_something_of_what_the_labels_are_worth_is_told_so() => Assert.Equal(
        "The same student on all 11,520 labels, without the teacher, reaches 86.9 %: over the control the labels alone give +18.5 points, the teacher gave +18.9 points; student minus all-labels −3.0 points (95 % interval −4.0 to −2.0, 3 seeds): the hidden labels would help more than the teacher",
        BaselineSentence.AllLabels(Difference(0.839, 0.869, -0.04, -0.02), s_labels, s_teacher, 11_520));

    [Fact]
    public void Without_a_control_nobody_says_what_was_gained_over_it() => Assert.Equal(
        "The same student on all 500 labels, without the teacher, reaches 86.9 %; student minus all-labels +0.4 points (95 % interval −1.0 to +2.0)",
        BaselineSentence.AllLabels(Difference(0.873, 0.869, -0.01, 0.02, seeds: 1), null, null, 500));

    [Fact]
    public void Hidden_labels_and_the_teachers_weights_are_told_by_their_figures()
    {
        Assert.Equal("Without a teacher, all 11,520 labels instead of 1,000: all-labels 86.9 %, control 68.4 %, difference +18.5 points (95 % interval +17.0 to +20.0, 3 seeds)", BaselineSentence.HiddenLabels(s_labels, 11_520, 1000));
        Assert.Equal("Initialization from the teacher's weights, both trained on labels alone: control 87.3 %, from-scratch 68.4 %, difference +18.9 points (95 % interval +17.0 to +21.0, 3 seeds)", BaselineSentence.TeachersWeights(s_teacher));
        Assert.StartsWith("Teacher and its weights together, against random weights and labels alone: student 87.3 %, from-scratch 68.4 %", BaselineSentence.FromScratch(s_teacher));
        Assert.StartsWith("Training, against the part of the teacher that the student was initialized from: student 87.3 %, untrained 68.4 %", BaselineSentence.Untrained(s_teacher));
    }
}
