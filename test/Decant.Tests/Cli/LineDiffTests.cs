namespace Decant.Tests.Cli;

public class LineDiffTests
{
    [Fact]
    public void A_changed_line_is_shown_as_gone_and_new_with_the_lines_around_it() =>
        Assert.Equal("@ line 2\n  b\n  c\n- d\n+ D\n  e\n  f\n", LineDiff.Of("a\nb\nc\nd\ne\nf\ng", "a\nb\nc\nD\ne\nf\ng"));

    [Fact]
    public void A_line_that_stands_elsewhere_too_is_still_seen_where_it_was_added() =>
        Assert.Equal("  a\n  }\n+ b\n+ }\n  c\n", LineDiff.Of("a\n}\nc", "a\n}\nb\n}\nc"));

    [Fact]
    public void Equal_texts_have_no_difference() => Assert.Empty(LineDiff.Of("a\nb", "a\nb"));

    [Fact]
    public void Against_nothing_every_line_is_new() => Assert.Equal("- \n+ a\n+ b\n", LineDiff.Of("", "a\nb"));
}
