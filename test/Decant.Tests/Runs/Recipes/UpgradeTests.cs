using System.Text;
using Decant.Runs;
using Decant.Runs.Recipes.Binding;
using Decant.Runs.Recipes.Reading;
using Decant.Runs.Recipes.Writing;
using FsCheck;
using FsCheck.Fluent;

namespace Decant.Tests.Runs.Recipes;

public class UpgradeTests
{
    private static readonly string s_folder = Path.Combine(AppContext.BaseDirectory, "Golden", "recipes");

    [Theory]
    [InlineData("")]
    [InlineData("-study")]
    public void A_file_of_the_former_release_becomes_the_golden_one(string of) => Assert.Equal(Golden($"renamed{of}"), RecipeUpgrade.Of(Golden($"former{of}"), "x.yaml").Text);

    [Fact]
    public void The_golden_recipe_has_every_name_that_was_renamed()
    {
        var replaced = RecipeUpgrade.Of(Golden("former"), "x.yaml").Changes.Select(c => (c.Old, c.New)).ToHashSet();
        Assert.All(RenamedKeys.Keys.Concat(RenamedKeys.Kinds), key => Assert.Contains((key.Old, key.New), replaced));
    }

    [Fact]
    public void Every_former_name_is_told_with_its_line_and_the_new_one_and_after_the_upgrade_none_is()
    {
        var faults = Faults(Golden("former"));
        foreach (var change in RecipeUpgrade.Of(Golden("former"), "x.yaml").Changes)
            Assert.Contains(faults, f => f.StartsWith($"x.yaml:{change.Line}: ", StringComparison.Ordinal) && f.Contains($"'{change.Old}'", StringComparison.Ordinal) && f.Contains($"is now called '{change.New}'", StringComparison.Ordinal));
        Assert.DoesNotContain(faults, f => f.Contains("missing key", StringComparison.Ordinal));
        Assert.DoesNotContain(Faults(Golden("renamed")), f => f.Contains("unknown key", StringComparison.Ordinal) || f.Contains("is now called", StringComparison.Ordinal));
    }

    [Fact]
    public void No_former_name_is_a_name_of_today_at_the_same_place() =>
        Assert.All(RenamedKeys.Keys, key => Assert.All(
            (key.Section.Length == 0 ? [""] : key.Section.Split('|')).SelectMany(s => (key.Kind ?? "x").Split('|').Select(k => (s, k))),
            at => Assert.Empty(RenamedKeys.Of(at.s, at.k, key.New))));

    [Fact]
    public void A_study_of_the_former_release_is_refused_with_the_lines_of_its_assignments()
    {
        var error = Assert.Throws<RecipeException>(() => new StudyReader(Catalog.Standard.Kinds).Read(Path.Combine(s_folder, "former-study.yaml")));
        Assert.Equal(8, error.Faults.Count);
        Assert.Contains("former-study.yaml:8: 'end' in 'distill.schedule={ kind: cosine, end: 0 }' is now called 'end-factor'; 'decant recipes upgrade ", error.Message, StringComparison.Ordinal);
        _ = new StudyReader(Catalog.Standard.Kinds).Read(Path.Combine(s_folder, "renamed-study.yaml"));
    }

    [Theory]
    [InlineData("thread-allocation.student='1+1'", "cores.student='1+1'", "the key 'cores' is now called 'thread-allocation'")]
    [InlineData("evaluate.confidence-level=0.9", "evaluate.confidence=0.9", "the key 'confidence' under evaluate is now called 'confidence-level'")]
    public void An_override_with_a_former_key_is_refused_with_the_new_one(string now, string former, string expected)
    {
        Fakes.Read(Fakes.Image, now);
        Assert.Equal([$"--set {former}: {expected}"], Fakes.Faults(Fakes.Image, former));
    }

    [Fact]
    public void Both_names_of_a_key_are_a_fault_for_reader_and_upgrade_alike()
    {
        var both = Fakes.Image + "evaluate: { confidence: 0.9, confidence-level: 0.8 }\n";
        const string Expected = "is now called 'confidence-level', which is given too; keep one";
        Assert.Contains(Expected, Assert.Single(Fakes.Faults(both)), StringComparison.Ordinal);
        Assert.Contains(Expected, Assert.Throws<RecipeException>(() => RecipeUpgrade.Of(both, "x.yaml")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Upgrading_keeps_comments_line_ends_and_layout_and_twice_is_once() => Prop.ForAll(Former().ToArbitrary(), text =>
    {
        var once = RecipeUpgrade.Of(text, "x.yaml");
        var twice = RecipeUpgrade.Of(once.Text, "x.yaml");
        var (before, after) = (text.Split('\n'), once.Text.Split('\n'));
        return twice.Changes.Count == 0 && twice.Text == once.Text
            && before.Length == after.Length
            && before.Zip(after).All(l => Comment(l.First) == Comment(l.Second) && l.First.EndsWith('\r') == l.Second.EndsWith('\r'))
            && once.Changes.All(c => before[c.Line - 1].Contains(c.Old, StringComparison.Ordinal) && after[c.Line - 1].Contains(c.New, StringComparison.Ordinal))
            && !Faults(once.Text).Any(f => f.Contains("is now called", StringComparison.Ordinal) || f.Contains("unknown key", StringComparison.Ordinal));
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_file_keeps_its_byte_order_mark_and_is_not_touched_where_nothing_is_to_rename()
    {
        using var folder = new TemporaryFolder();
        byte[] mark = [0xEF, 0xBB, 0xBF];
        var file = folder.Write("a.yaml", [.. mark, .. Encoding.UTF8.GetBytes(Golden("former").ReplaceLineEndings("\r\n"))]);
        Assert.NotEmpty(RecipeUpgrade.File(file));
        Assert.Equal([.. mark, .. Encoding.UTF8.GetBytes(Golden("renamed").ReplaceLineEndings("\r\n"))], File.ReadAllBytes(file));
        var time = File.GetLastWriteTimeUtc(file);
        Assert.Empty(RecipeUpgrade.File(file));
        Assert.Equal(time, File.GetLastWriteTimeUtc(file));
        var copy = Path.Combine(folder.Path, "b.yaml");
        Assert.Empty(RecipeUpgrade.File(file, copy));
        Assert.Equal(File.ReadAllBytes(file), File.ReadAllBytes(copy));
        Assert.Equal(2, Directory.GetFiles(folder.Path).Length);
    }

    [Theory]
    [InlineData("", "the recipe is empty")]
    [InlineData("a: 1\n", "expected a recipe, which has 'data'")]
    [InlineData("- a\n", "expected a recipe, which has 'data'")]
    [InlineData("data: [\n", "this is not YAML")]
    [InlineData("data: {}\nx: &k long-tail\nother:\n  data: { *k : 10 }\n", "rename it by hand")]
    [InlineData("data: {}\nvariants:\n- set: [\"distill.objectives[0].form=focal\"]\n", "'form' is now called 'loss' or 'distance', as the kind at distill.objectives[0] has it")]
    [InlineData("variants:\n- set: [\"data.\\u006cong-tail=3\"]\n", "write it as \"data.imbalance-factor=3\"")]
    public void What_cannot_be_upgraded_is_refused_with_its_line(string text, string expected)
    {
        var error = Assert.ThrowsAny<DecantException>(() => RecipeUpgrade.Of(text, "x.yaml"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.StartsWith("x.yaml:", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("data:\n  ? long-tail\n  : 10\n", "data:\n  ? imbalance-factor\n  : 10\n")]
    [InlineData("data: { &a long-tail : 10 }\n", "data: { &a imbalance-factor : 10 }\n")]
    [InlineData("# 𝔘\ndata: { 'x': '𝔘𝔘', long-tail: 10 }\n", "# 𝔘\ndata: { 'x': '𝔘𝔘', imbalance-factor: 10 }\n")]
    [InlineData("data:\n  <<: {}\n  long-tail: 10\n", "data:\n  <<: {}\n  imbalance-factor: 10\n")]
    [InlineData("data: &d {long-tail: 10}\nother: *d\n", "data: &d {imbalance-factor: 10}\nother: *d\n")]
    [InlineData("data: {x: long-tail}\nlong-tail: cores\n", "data: {x: long-tail}\nlong-tail: cores\n")]
    public void Names_are_replaced_where_they_are_keys_of_their_section_alone(string text, string expected) => Assert.Equal(expected, RecipeUpgrade.Of(text, "x.yaml").Text);

    /// <summary>The golden recipe in other layouts: line ends, comments of several scripts, and some lines left out.</summary>
    private static Gen<string> Former() =>
        from newline in Gen.Elements("\n", "\r\n")
        from comments in Gen.Elements("", " # share: cores", " # 数据 𝔘 sure: 1", "   #").ArrayOf(Golden("former").Split('\n').Length)
        select string.Join(newline, Golden("former").Split('\n').Select((line, i) => line.Length > 0 && !line.Contains('#', StringComparison.Ordinal) ? line + comments[i] : line));

    private static string Comment(string line) => line.IndexOf('#', StringComparison.Ordinal) is var at and >= 0 ? line[at..] : "";

    private static string Golden(string name) => File.ReadAllText(Path.Combine(s_folder, $"{name}.yaml"));

    private static string[] Faults(string yaml) =>
        [.. Assert.Throws<RecipeException>(() => new RecipeReader(Catalog.Standard.Kinds).Parse(yaml, "x.yaml", "/recipes")).Faults.Select(f => f.ToString())];
}
