using Decant.Runs.Reports.Record;
using Decant.Runs.Reports.Table;
using Decant.Runs.Reports.View;

namespace Decant.Tests.Runs.Reports;

public sealed class ComparisonTableTests
{
    private static readonly ModelFigures Big = new()
    {
        Name = "teacher",
        Title = "Teacher",
        Parameters = 5_300_000,
        Bytes = 21_200_000,
        Metrics = new Dictionary<string, Figure> { ["accuracy"] = Figure.Of([0.933]), ["nll"] = Figure.Of([0.2561]) },
        Latency = new LatencyFigures(100, 5.8, 6, 6.2, 7, 5),
        SamplesPerSecond = 500,
    };

    private static readonly ModelFigures Small = new()
    {
        Name = "student",
        Title = "Student",
        Parameters = 1_000_000,
        Bytes = 4_000_000,
        Metrics = new Dictionary<string, Figure> { ["accuracy"] = Figure.Of([0.90, 0.92]), ["nll"] = Figure.Of([0.3, 0.4]), ["speed of thought"] = Figure.Of([3.0, 4.0]) },
        Latency = new LatencyFigures(100, 0.64, 0.7, 0.8, 0.9, 0.6),
        SamplesPerSecond = 4690,
    };

    private readonly ComparisonTable _table = ComparisonTable.Of([Big, Small], "student", "teacher");

    [Fact]
    public void Cells_are_formatted_with_their_units_and_spread()
    {
        Assert.Equal(["Teacher", "Student"], _table.Columns.Select(c => c.Title));
        Assert.Equal("Student against teacher", _table.RatioTitle);
        Assert.Equal(new TableCell(0.933, "93.3\u00A0%", ""), Row("accuracy").Cells[0]);
        Assert.Equal(("91.0\u00A0%", "±\u00A01.4"), (Row("accuracy").Cells[1].Text, Row("accuracy").Cells[1].Spread));
        Assert.Equal("0.256", Row("nll").Cells[0].Text);
        Assert.Equal(["5.30\u00A0M", "1.00\u00A0M"], Row("parameters").Cells.Select(c => c.Text));
        Assert.Equal(["21.2\u00A0MB", "4.00\u00A0MB"], Row("bytes").Cells.Select(c => c.Text));
        Assert.Equal(["5.80\u00A0ms", "640\u00A0µs"], Row("latency-p50").Cells.Select(c => c.Text));
        Assert.Equal("4.69\u00A0k/s", Row("throughput").Cells[1].Text);
    }

    [Fact]
    public void Ratios_say_which_way_they_go()
    {
        Assert.Equal("97.5\u00A0% kept", Row("accuracy").Ratio);
        Assert.Equal("5.3× fewer", Row("parameters").Ratio);
        Assert.Equal("5.3× smaller", Row("bytes").Ratio);
        Assert.Equal("9.1× faster", Row("latency-p50").Ratio);
        Assert.Equal("9.4× more", Row("throughput").Ratio);
        Assert.Equal("", Row("nll").Ratio);
        var turned = ComparisonTable.Of([Big, Small], "teacher", "student");
        Assert.Equal("9.1× slower", turned.Rows.Single(r => r.Key == "latency-p50").Ratio);
        Assert.Equal("9.4× less", turned.Rows.Single(r => r.Key == "throughput").Ratio);
    }

    [Fact]
    public void What_no_model_knows_has_no_row_and_what_one_does_not_know_is_a_dash()
    {
        Assert.DoesNotContain(_table.Rows, r => r.Key == "flops");
        Assert.Equal(TableCell.Unknown, Row("speed of thought").Cells[0]);
        Assert.Equal("Speed of thought", Row("speed of thought").Title);
    }

    [Fact]
    public void The_control_has_the_students_size()
    {
        var table = ComparisonTable.Of(Gallery.Runs["quickstart"]);
        var cells = table.Rows.Single(r => r.Key == "parameters").Cells;

        Assert.Equal(["teacher", "student", "control"], table.Columns.Select(c => c.Key));
        Assert.Equal(cells[1], cells[2]);
    }

    [Fact]
    public void Shares_near_the_best_are_told_with_two_decimals()
    {
        var best = Small with { Metrics = new Dictionary<string, Figure> { ["accuracy"] = Figure.Of([0.9926]) } };
        Assert.Equal("99.26\u00A0%", ComparisonTable.Of([best]).Rows[0].Cells[0].Text);
    }

    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(999.6, "1.00 k")]
    [InlineData(562_452, "562 k")]
    [InlineData(999_999, "1.00 M")]
    [InlineData(5_312_020, "5.31 M")]
    public void Large_counts_have_three_figures(double value, string expected) => Assert.Equal(expected.Replace(' ', '\u00A0'), Words.Large(value));

    [Theory]
    [InlineData(3.456, "3.46 s")]
    [InlineData(59.7, "1 min 0 s")]
    [InlineData(341.7, "5 min 42 s")]
    [InlineData(7321, "2 h 2 min")]
    public void Durations_read_like_people_say_them(double seconds, string expected) => Assert.Equal(expected.Replace(' ', '\u00A0'), Words.Duration(seconds).Replace(' ', '\u00A0'));

    [Theory]
    [InlineData(0.0251, "+2.5")]
    [InlineData(-0.0251, "−2.5")]
    [InlineData(-0.0001, "0.0")]
    [InlineData(double.NaN, "–")]
    public void Points_have_their_sign_and_zero_has_none(double share, string expected) => Assert.Equal(expected, Words.Points(share));

    private TableRow Row(string key) => _table.Rows.Single(r => r.Key == key);
}
