using Decant.Inference;
using Decant.Inference.Cascades;

namespace Decant.Tests.Inference.Cascades;

public sealed class CascadeClassifierTests : IDisposable
{
    private static readonly string[] s_classes = ["no", "yes"];
    private static readonly CascadePolicy s_policy = new() { Threshold = 0.8, Level = 0.05, Confidence = 0.95, Identity = new("student", "gpt", s_classes) };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // The text is the probability of yes, in per cent.
    private static Classification Student(string text)
    {
        var yes = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) / 100f;
        return new(yes >= 0.5f ? "yes" : "no", Math.Max(yes, 1 - yes), [1 - yes, yes], false);
    }

    private static CascadeClassifier Cascade(AskTeacher teacher, CascadePolicy? policy = null) => new(s_classes, Student, policy ?? s_policy, teacher, ["yes", "no"]);

    [Theory]
    [InlineData("90", "yes", true)]
    [InlineData("10", "no", true)]
    [InlineData("79", "no", false)]
    public async Task The_teacher_is_asked_below_the_threshold_only(string text, string label, bool isLocal)
    {
        var asked = 0;
        var answer = await Cascade((_, _) => { asked++; return Task.FromResult("no"); }).ClassifyAsync(text, TestContext.Current.CancellationToken);
        Assert.Equal((label, isLocal), (answer.Label, answer.IsLocal));
        Assert.Equal(isLocal ? 0 : 1, asked);
        Assert.Equal(Student(text).Label, answer.StudentLabel);
    }

    [Fact]
    public async Task Without_a_threshold_everything_goes_to_the_teacher() =>
        Assert.False((await Cascade((_, _) => Task.FromResult("no"), s_policy with { Threshold = null }).ClassifyAsync("100", TestContext.Current.CancellationToken)).IsLocal);

    [Fact]
    public void Other_classes_are_refused_by_name()
    {
        static Task<string> Ask(string text, CancellationToken cancellationToken) => Task.FromResult("no");
        var teacher = Assert.Throws<DecantException>(() => new CascadeClassifier(s_classes, Student, s_policy, Ask, ["yes", "maybe"]));
        Assert.Contains("expected the teacher to have the classes of the student, no, yes (2), came yes, maybe (2): more are maybe (1); missing are no (1)", teacher.Message, StringComparison.Ordinal);
        var student = Assert.Throws<DecantException>(() => new CascadeClassifier(["yes", "no"], Student, s_policy, Ask, s_classes));
        Assert.Contains("in another order", student.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_class_that_the_teacher_made_up_is_refused()
    {
        var fault = await Assert.ThrowsAsync<DecantException>(() => Cascade((_, _) => Task.FromResult("perhaps")).ClassifyAsync("60"));
        Assert.Contains("The teacher gpt answered 'perhaps'", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kept_requests_have_both_answers_and_the_local_ones_count_for_the_agreement()
    {
        var monitor = new DriftMonitor(s_policy with { Reference = new([0.9], null), Rows = 1, Accepted = 1 }, new() { AgreementWindow = 50 });
        await using (var log = new ShadowLog(new() { Folder = _folder.Path, Share = 1 }))
        {
            var cascade = new CascadeClassifier(s_classes, Student, s_policy, (_, _) => Task.FromResult("no"), s_classes) { Shadow = log, Monitor = monitor };
            for (var i = 0; i < 40; i++)
            {
                Assert.Equal("yes", (await cascade.ClassifyAsync("95", TestContext.Current.CancellationToken)).Label);
                Assert.True(SpinWait.SpinUntil(() => log.Kept == i + 1, TimeSpan.FromSeconds(10)));
            }

            await cascade.ClassifyAsync("60", TestContext.Current.CancellationToken);
        }

        var lines = Directory.GetFiles(_folder.Path).SelectMany(File.ReadAllLines).ToArray();
        Assert.Equal(41, lines.Length);
        Assert.Equal("""{"text":"95","label":"no","student":"yes","confidence":0.949999988079071,"local":true}""", lines[0]);
        Assert.Equal(DriftKind.Agreement, Assert.Single(monitor.Alarms).Kind);
    }

    [Fact]
    public async Task A_teacher_that_fails_beside_a_local_answer_is_counted_and_harms_nothing()
    {
        await using var log = new ShadowLog(new() { Folder = _folder.Path, Share = 1 });
        var cascade = new CascadeClassifier(s_classes, Student, s_policy, (_, _) => throw new HttpRequestException("down"), s_classes) { Shadow = log };
        Assert.Equal("yes", (await cascade.ClassifyAsync("95", TestContext.Current.CancellationToken)).Label);
        Assert.True(SpinWait.SpinUntil(() => log.Dropped == 1, TimeSpan.FromSeconds(10)));
        Assert.IsType<HttpRequestException>(log.LastFault);
    }
}
