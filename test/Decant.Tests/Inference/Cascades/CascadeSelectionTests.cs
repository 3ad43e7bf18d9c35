using Decant.Inference.Cascades;

namespace Decant.Tests.Inference.Cascades;

public class CascadeSelectionTests
{
    private static readonly CascadeIdentity s_identity = new("student", "teacher", ["a", "b"]);

    private static IEnumerable<HeldOutAnswer> Rows(int count, double confidence, int wrong = 0) => Enumerable.Range(0, count).Select(i => new HeldOutAnswer(confidence, i < wrong));

    private static CascadePolicy Choose(IEnumerable<HeldOutAnswer> rows, CascadeOptions? options = null) => CascadeSelection.Choose([.. rows], s_identity, options);

    [Fact]
    public void The_loosest_threshold_before_the_first_that_fails_is_taken()
    {
        // 0.95: 0 of 200 passes; 0.8: 3 of 400 passes; 0.6: 63 of 600 (10.5 %) fails.
        var policy = Choose([.. Rows(200, 0.95), .. Rows(200, 0.8, wrong: 3), .. Rows(200, 0.6, wrong: 60)]);
        Assert.InRange(policy.Threshold!.Value, 0.6001, 0.8);
        Assert.Equal((600, 400, 3), (policy.Rows, policy.Accepted, policy.Wrong));
        Assert.Equal(400.0 / 600, policy.ShareLocal);
        Assert.Equal(BinomialTail.UpperBound(3, 400, 0.05), policy.RiskBound, 12);
        Assert.Equal(1 / 3.0, policy.CostPerRequest, 12);
        Assert.Null(policy.Remark);
        Assert.True(policy.IsLocal(0.8) && !policy.IsLocal(0.6));
    }

    [Fact]
    public void Nothing_looser_than_a_threshold_that_failed_is_taken_even_if_it_would_pass()
    {
        var policy = Choose([.. Rows(600, 0.95, wrong: 40), .. Rows(5000, 0.6)]);
        Assert.Null(policy.Threshold);
        Assert.Equal(1, policy.CostPerRequest);
        Assert.Contains("Already the surest 600 of 5600 rows have 40 wrong answers", policy.Remark, StringComparison.Ordinal);
        Assert.Contains(policy.Steps, s => s.Bound <= 0.05 && !s.IsTested);
    }

    [Fact]
    public void Thresholds_that_accept_too_few_rows_are_passed_over()
    {
        // 58 rows could never reject, so that one wrong answer among them does not end the walk.
        var policy = Choose([.. Rows(58, 0.99, wrong: 1), .. Rows(2000, 0.8, wrong: 10)]);
        Assert.Equal((2058, 11), (policy.Accepted, policy.Wrong));
    }

    [Theory]
    [InlineData(58, null)]
    [InlineData(59, 59)]
    public void The_fewest_rows_are_exact_and_said(int rows, int? accepted)
    {
        var policy = Choose(Rows(rows, 0.9));
        Assert.Equal(accepted, policy.Threshold is null ? null : policy.Accepted);
        Assert.Equal(59, CascadeSelection.FewestRows(0.05));
        if (accepted is null)
            Assert.Equal("58 held-out rows are too few for a risk of 0.05 at a confidence of 0.95: at least 59 are needed, none of them wrong. Everything goes to the teacher.", policy.Remark);
    }

    [Fact]
    public void No_rows_or_a_risk_of_zero_send_everything_to_the_teacher()
    {
        var none = Choose([]);
        Assert.Null(none.Threshold);
        Assert.Null(none.Reference);
        Assert.Contains("0 held-out rows are too few", none.Remark, StringComparison.Ordinal);
        var zero = Choose(Rows(10_000, 0.9), new() { Risk = 0, CostTeacher = 7, CostStudent = 1 });
        Assert.Null(zero.Threshold);
        Assert.False(zero.IsLocal(1));
        Assert.Equal(7, zero.CostPerRequest);
        Assert.Contains("A risk of 0 was asked for", zero.Remark, StringComparison.Ordinal);
    }

    [Fact]
    public void Costs_are_those_of_the_student_and_of_what_goes_to_the_teacher()
    {
        var policy = Choose([.. Rows(300, 0.95), .. Rows(100, 0.3, wrong: 100)], new() { CostStudent = 0.1, CostTeacher = 2 });
        Assert.Equal(0.1 + (0.25 * 2), policy.CostPerRequest, 12);
    }

    [Fact]
    public void The_order_of_the_rows_is_nothing()
    {
        HeldOutAnswer[] rows = [.. Rows(300, 0.95, wrong: 2), .. Rows(100, 0.3, wrong: 50), .. Rows(200, 0.999)];
        Assert.Equal(Choose(rows).Threshold, Choose(rows.Reverse()).Threshold);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(1.5)]
    [InlineData(-0.1)]
    public void A_confidence_that_is_none_is_refused(double confidence) =>
        Assert.Contains("expected confidences from 0 to 1", Assert.Throws<DecantException>(() => Choose([new(confidence, false)])).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(-0.1, 0.95, 1)]
    [InlineData(1, 0.95, 1)]
    [InlineData(0.05, 1, 1)]
    [InlineData(0.05, 0.4, 1)]
    [InlineData(0.05, 0.95, -1)]
    [InlineData(double.NaN, 0.95, 1)]
    public void Options_out_of_range_are_refused(double risk, double confidence, double cost) =>
        Assert.Throws<DecantException>(() => Choose(Rows(100, 0.9), new() { Risk = risk, Confidence = confidence, CostTeacher = cost }));

    [Theory]
    [InlineData(ConfidenceScore.MaxProbability, 0.5)]
    [InlineData(ConfidenceScore.Margin, 0.25)]
    [InlineData(ConfidenceScore.Entropy, 0.0536)] // 1 − 1.0397 / ln 3
    public void Confidences_by_hand(ConfidenceScore score, double expected) => Assert.Equal(expected, Confidences.Of(score, [0.25f, 0.5f, 0.25f]), 4);

    [Theory]
    [InlineData(ConfidenceScore.MaxProbability)]
    [InlineData(ConfidenceScore.Margin)]
    [InlineData(ConfidenceScore.Entropy)]
    public void A_certain_answer_has_a_confidence_of_one(ConfidenceScore score)
    {
        Assert.Equal(1, Confidences.Of(score, [0, 1, 0]));
        Assert.Equal(1, Confidences.Of(score, [1]));
        Assert.Throws<DecantException>(() => Confidences.Of(score, []));
        Assert.Throws<DecantException>(() => Confidences.Of(score, [float.NaN, 1]));
    }
}
