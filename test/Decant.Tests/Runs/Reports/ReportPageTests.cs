using System.Text.RegularExpressions;
using System.Xml.Linq;
using Decant.Runs.Reports.Html;
using Decant.Runs.Reports.Html.Elements;
using Decant.Runs.Reports.Record;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Runs.Reports;

public sealed partial class ReportPageTests
{
    [Theory]
    [MemberData(nameof(Gallery.Names), MemberType = typeof(Gallery))]
    public void Every_run_gives_one_well_formed_page_that_needs_no_network(string name)
    {
        var html = ReportPage.ToHtml(Gallery.Runs[name]);
        if (Environment.GetEnvironmentVariable("DECANT_GALLERY") is { } folder)
            ReportPage.Write(Gallery.Runs[name], Path.Combine(folder, name + ".html"));

        WellFormed(html);
        Assert.DoesNotMatch("(?i)<script|<link|@import|url\\(|https?://(?!www\\.w3\\.org)", html);
        Assert.DoesNotMatch(@"(?:x|y|x1|x2|cx|d|width|left:)=?""?-?(?:NaN|Infinity|∞)", html);
    }

    [Fact]
    public void The_page_tells_the_verdict_the_ratios_and_where_to_look()
    {
        var html = ReportPage.ToHtml(Gallery.Runs["quickstart"]);

        Assert.Contains("▲ This student is better", html);
        Assert.Contains("<section class=\"verdict neutral\"", html);
        Assert.Contains("Training again may move the difference by more than the bar", html);
        Assert.DoesNotMatch("Distillation (helped|hurt)", html);
        Assert.Contains("9.4× fewer", html);
        Assert.Contains("9.4× faster", html);
        Assert.Contains("kept", html);
        Assert.Contains("Training curves", html);
        Assert.Contains("F1 of each class", html);
        Assert.Contains("decant distill recipes/quickstart.yaml", html);
        Assert.Contains("kind: soft-targets", html);
        Assert.Contains("&lt;flags&gt;", html);
    }

    [Fact]
    public void Distillation_helps_from_two_seeds_on_and_the_page_says_what_the_bar_covers()
    {
        var html = ReportPage.ToHtml(Gallery.Runs["digits"]);

        Assert.Contains("▲ Distillation helped", html);
        Assert.Contains("<section class=\"verdict helped\"", html);
        Assert.Matches("interval over 3 seeds and [\\d,]+ test samples: where it crosses", html);
        Assert.Contains("It covers training again and other samples of the same distribution.", html);
    }

    [Fact]
    public void What_changed_over_the_training_has_its_curve_and_what_stayed_has_none()
    {
        Assert.Contains("Student: soft-targets, temperature", ReportPage.ToHtml(Gallery.Runs["digits"]));
        Assert.DoesNotContain("Student: labels, weight", ReportPage.ToHtml(Gallery.Runs["digits"]));
    }

    [Fact]
    public void Without_a_control_there_is_no_verdict_and_the_page_says_why() =>
        Assert.Contains("Set control: true in the recipe", ReportPage.ToHtml(Gallery.Runs["no-control"]));

    [Fact]
    public void A_run_that_was_cut_off_says_so() =>
        Assert.Contains("The record is incomplete", ReportPage.ToHtml(Gallery.Runs["just-started"]));

    [Fact]
    public void The_same_record_gives_the_same_page() =>
        Assert.Equal(ReportPage.ToHtml(Gallery.Runs["digits"]), ReportPage.ToHtml(RunRecord.From(Gallery.Runs["digits"].Events)));

    [Theory]
    [InlineData("</style><script>alert(1)</script>")]
    [InlineData("\"><img src=x onerror=alert(1)>")]
    [InlineData("' onmouseover='alert(1)")]
    [InlineData("]]>&amp;&#0;<!-- -- >")]
    [InlineData("\0\u0001\u001b[31m\uFFFE")]
    [InlineData("\ud800 half a pair \udc00")]
    [InlineData("\u202Eright to left מימין לשמאל")]
    [InlineData("{{constructor}} ${1+1} %00")]
    public void Nasty_text_anywhere_stays_text(string nasty) => Assert.True(StaysText(nasty));

    [Fact]
    public void Any_text_anywhere_stays_text() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => StaysText(text ?? "")).QuickCheckThrowOnFailure();

    [Fact]
    public void Figures_that_are_not_numbers_do_not_break_the_page()
    {
        var events = new MadeUpRun().Events().Select(e => e switch
        {
            StepTaken s => s with { Loss = double.NaN },
            Validated v => v with { Metrics = new Dictionary<string, double> { ["accuracy"] = double.PositiveInfinity } },
            Comparison c => c with { Low = double.NaN, High = double.NaN, Difference = double.NaN },
            _ => e,
        });

        WellFormed(ReportPage.ToHtml(RunRecord.From(events)));
    }

    [Fact]
    public void A_picture_whose_numbers_do_not_fit_is_left_out()
    {
        Assert.Null(Png.DataUri(new Thumbnail(3, 4, 4, new byte[5])));
        Assert.Null(Png.DataUri(new Thumbnail(2, 4, 4, new byte[32])));
        Assert.StartsWith("data:image/png;base64,iVBORw0KGgo", Png.DataUri(new Thumbnail(3, 4, 4, new byte[48])));
    }

    /// <summary>The page of a run that has the text in every place that takes one, against the same with a harmless word: the same elements.</summary>
    private static bool StaysText(string text)
    {
        var (nasty, harmless) = (Tags(ReportPage.ToHtml(Full(text + "x"))), Tags(ReportPage.ToHtml(Full("word"))));
        return nasty.SequenceEqual(harmless);
    }

    private static IEnumerable<string> Tags(string html) =>
        WellFormed(html).Descendants().Select(e => e.Name.LocalName + "|" + string.Join(",", e.Attributes().Select(a => a.Name.LocalName)));

    private static RunRecord Full(string text) => RunRecord.From(Small.Events().Select(e => e switch
    {
        RunStarted s => s with
        {
            Name = text,
            About = text,
            Recipe = text,
            Command = text,
            DecantVersion = text,
            Machine = new Machine { Cpu = text, Os = text, Libtorch = text, Blas = text, Cores = 2, Threads = 2 },
        },
        DataDescribed d => d with { Source = text, Classes = [.. d.Classes.Select(c => text + c)], Splits = new Dictionary<string, long> { [text] = 1 } },
        ModelDescribed m => m with { Kind = text, Summary = text + " " },
        ArmStarted a => a with { Objectives = text },
        ArmFinished a => a with { Stopped = text },
        Comparison c => c with { Sentence = text },
        SamplesChanged c => c with { Lost = [.. c.Lost.Select(s => s with { Text = text })] },
        RunNote n => n with { Text = text },
        Evaluated v => v with { Metrics = new Dictionary<string, double>(v.Metrics) { [text + "?"] = 0.5 } },
        _ => e,
    }).Concat(OfOtherTasks(text)));

    private static IEnumerable<RunEvent> OfOtherTasks(string text) =>
    [
        new Evaluated { Arm = Arms.Student, Seed = 7, Entities = [new EntityResult(text, 1, 1, 1, 2)], Outputs = [], Scatter = [new ScatterPoint(1, double.NaN), new ScatterPoint(1, 2)] },
        new SentencesChanged { Lost = [new ChangedSentence { Words = [text, text], Differing = [new ChangedWord(1, text, text, text, text), new ChangedWord(9, text, null, "", null)] }] },
        new Continued { Prompt = text, Continuations = new Dictionary<string, string> { [Arms.Student] = text + "x", [text + "?"] = text + "x" }, Truth = text + "x" },
    ];

    private static readonly MadeUpRun Small = new() { Classes = ["a", "b", "c"], TestSamples = 60, Epochs = 1, Texts = ["t"] };

    /// <summary>Our HTML is written so that an XML parser reads it, once its void elements are closed; a browser is laxer.</summary>
    private static XDocument WellFormed(string html)
    {
        var xml = Void().Replace(html.Replace("<!DOCTYPE html>", ""), "<$1$2/>");
        return XDocument.Parse(xml);
    }

    [GeneratedRegex("<(meta|img)((?:\\s+[a-z-]+=\"[^\"]*\")*)>")]
    private static partial Regex Void();
}
