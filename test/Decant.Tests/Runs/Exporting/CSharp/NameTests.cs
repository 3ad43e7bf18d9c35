using Decant.Runs.Exporting.CSharp;

namespace Decant.Tests.Runs.Exporting.CSharp;

public class NameTests
{
    [Theory]
    [InlineData("Reviews", null, "Reviews")]
    [InlineData("Contoso.Shop.Reviews", "Contoso.Shop", "Reviews")]
    [InlineData("评论", null, "评论")]
    [InlineData("_v2", null, "_v2")]
    public void A_name_is_a_class_perhaps_with_a_namespace(string name, string? space, string type)
    {
        var parsed = CSharpName.Parse(name);
        Assert.Equal((space, type, name), (parsed.Namespace, parsed.Class, parsed.Full));
    }

    [Theory]
    [InlineData("")]
    [InlineData("my reviews")]
    [InlineData("my-reviews")]
    [InlineData("2nd")]
    [InlineData("A..B")]
    [InlineData(".A")]
    [InlineData("A.")]
    [InlineData("../Reviews")]
    [InlineData("Reviews\n")]
    [InlineData("__")]
    [InlineData("class")]
    [InlineData("Contoso.namespace")]
    [InlineData("record")]
    [InlineData("System")]
    [InlineData("Decant.Inference")]
    [InlineData("Path")]
    [InlineData("Contoso.Load")]
    public void Any_other_is_refused_by_the_name_of_its_option(string name) =>
        Assert.StartsWith("--name: ", Assert.Throws<DecantException>(() => CSharpName.Parse(name)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_name_that_is_too_long_for_a_package_is_refused() => Assert.Contains("at most 100", Assert.Throws<DecantException>(() => CSharpName.Parse(new string('a', 101))).Message);

    [Theory]
    [InlineData("positive", "Positive")]
    [InlineData("so-so", "SoSo")]
    [InlineData("NEGATIVE", "Negative")]
    [InlineData("B-PER", "BPer")]
    [InlineData("iPhone", "IPhone")]
    [InlineData("5 stars", "_5Stars")]
    [InlineData("1.5", "_1_5")]
    [InlineData("-1", "Minus1")]
    [InlineData("class", "Class")]
    [InlineData("好评", "好评")]
    [InlineData("很 好!", "很好")]
    [InlineData("Über\u200Bmut", "Übermut")]
    [InlineData("cafe\u0301", "Cafe\u0301")]
    [InlineData("👍", "Label0")]
    [InlineData("", "Label0")]
    [InlineData("\ud800x", "X")]
    [InlineData("a\"b\\c\n</summary>", "ABCSummary")]
    public void A_label_becomes_an_identifier(string label, string name) => Assert.Equal([name], LabelNames.Of([label]));

    [Fact]
    public void Labels_that_become_the_same_stay_different()
    {
        Assert.Equal(["SoSo", "SoSo_2", "SoSo2", "SoSo_3", "Label4", "Label5"], LabelNames.Of(["so-so", "so so", "so_so_2", "SoSo", "?", "!"]));
        Assert.Equal(["_1", "_1_2", "Minus1", "_12", "_1_2_2", "_1_2_3"], LabelNames.Of(["1", "+1", "-1", "12", "1.2", "1,2"]));
    }
}
