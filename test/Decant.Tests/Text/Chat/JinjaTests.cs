using Decant.Text.Chat.Jinja;
using Decant.Text.Chat.Jinja.Running;
using Decant.Text.Chat.Jinja.Values;

namespace Decant.Tests.Text.Chat;

/// <summary>What templates may not do, and how that is said.</summary>
public sealed class JinjaTests
{
    private static readonly DateTimeOffset s_now = new(2026, 3, 7, 15, 4, 9, TimeSpan.FromHours(1));

    [Theory]
    [InlineData("a\n  {{ x | nofilter }}", "line 2, column 10: there is no filter 'nofilter' that is served; served filters are abs")]
    [InlineData("{{ x is notest }}", "line 1, column 9: there is no test 'notest' that is served; served tests are boolean")]
    [InlineData("{% include 'a' %}", "there is no tag 'include' that is served here; served tags are for")]
    [InlineData("{% do x %}", "there is no tag 'do'")]
    [InlineData("{{ open('/etc/passwd') }}", "there is no function 'open' that is served; served functions are range, namespace")]
    [InlineData("{{ 'a'.encode() }}", "there is no method 'encode' of this value that is served")]
    [InlineData("{{ ''.__class__.__mro__ }}", "'__class__' is not defined")]
    [InlineData("{{ [1].append(2) }}", "'append' would change a list")]
    [InlineData("{% for a in [1] recursive %}{% endfor %}", "recursive loops are not served")]
    [InlineData("{{ f(**a) }}", "'**' before an argument is not served")]
    [InlineData("{{ 'a'|tojson(4) }}", "tojson: name its arguments")]
    [InlineData("{{ strftime_now('%c') }}", "'%c' is not served")]
    [InlineData("{{ '%x' % 3 }}", "%x of a whole number is not served")]
    [InlineData("{{ {none: 2} }}", "expected a text, a number or a truth value as the key of a dictionary, came none")]
    [InlineData("{{ 'a'|replace('a') }}", "replace needs its argument 'new'")]
    [InlineData("{{ 'a'|trim(b=1) }}", "trim has no argument 'b' that is served")]
    [InlineData("{{ 'a'|upper(1) }}", "upper takes 0 arguments, came 1")]
    [InlineData("{% if x %}", "expected '{% endif %}', came the end of the template")]
    [InlineData("{{ 'a }}", "the text is not closed; close it with '")]
    [InlineData("{# a", "the comment is not closed")]
    [InlineData("{% raw %}a", "the raw block is not closed")]
    [InlineData("{{ 1 ", "the tag is not closed; close it with '}}'")]
    [InlineData("{{ a ? b }}", "unexpected character '?'")]
    [InlineData("{{ '\\N{DASH}' }}", "names of characters")]
    [InlineData("{{ '\\u12' }}", "expected 4 hexadecimal digits")]
    [InlineData("{{ 0x10 }}", "the number '0x' is none that is served")]
    [InlineData("{{ raise_exception('roles!') }}", "the template refuses the messages: roles!")]
    public void What_is_not_served_is_refused_by_name_with_its_place(string source, string message) =>
        Assert.Contains(message, Assert.Throws<DecantException>(() => Text(source)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", "takes more than 5,000,000 steps")]
    [InlineData("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "levels within each other")]
    [InlineData("{% set ns = namespace(t='aaaaaaaaaaaaaaaa') %}{% for i in range(99) %}{% set ns.t = ns.t + ns.t %}{% endfor %}", "more than 16,777,216 parts")]
    [InlineData("{{ 'ab' * 999999999 }}", "more than 16,777,216 parts")]
    [InlineData("{{ [1] * 9000000000 }}", "more than 16,777,216 parts")]
    [InlineData("{% set b = 'a' * 9999999 %}{{ b|replace('', b) }}", "more than")]
    [InlineData("{% set b = 'a' * 9999999 %}{% for i in range(99) %}{{ b }}{% endfor %}", "more than")]
    [InlineData("{{ range(999999999) }}", "at most 100,000")]
    [InlineData("{{ 99999999999999999999 }}", "larger than all that are served")]
    [InlineData("{{ 9223372036854775807 + 1 }}", "beyond all whole numbers")]
    public void A_template_that_goes_on_and_on_ends_with_an_error(string source, string message) =>
        Assert.Contains(message, Assert.Throws<DecantException>(() => Text(source)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("( ", ") ")]
    [InlineData("[ ", "] ")]
    [InlineData("- ", "")]
    [InlineData("not ", "")]
    [InlineData("x if x else ", "")]
    public void Nesting_is_bounded_when_a_template_is_read(string open, string close) => Assert.Contains(
        "more than 100 levels", Assert.Throws<DecantException>(() => Text($"{{{{ {string.Concat(Enumerable.Repeat(open, 50_000))} 1 {string.Concat(Enumerable.Repeat(close, 50_000))} }}}}")).Message, StringComparison.Ordinal);

    [Fact]
    public void Nested_statements_are_bounded() =>
        Assert.Contains("more than 100 levels", Assert.Throws<DecantException>(() => Text(string.Concat(Enumerable.Repeat("{% if a %}", 5000)))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("%d %b %Y", "07 Mar 2026")]
    [InlineData("%-d %B %y, %A %a", "7 March 26, Saturday Sat")]
    [InlineData("%H:%M:%S %I %p %j %%", "15:04:09 03 PM 066 %")]
    [InlineData("%Y-%m-%d|%F|%T|%D|%e|%u%w", "2026-03-07|2026-03-07|15:04:09|03/07/26| 7|66")]
    public void The_date_is_written_as_strftime_writes_it(string form, string expected) => Assert.Equal(expected, Text($"{{{{ strftime_now('{form}') }}}}"));

    [Fact]
    public void A_condition_may_have_a_filter_that_is_not_served_where_it_is_not_reached()
    {
        Assert.Equal("ok", Text("{% if missing %}{{ 1 | nofilter }}{% endif %}ok"));
        Assert.Contains("'nofilter'", Assert.Throws<DecantException>(() => Text("{% if true %}{{ 1 | nofilter }}{% endif %}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Generation_blocks_say_what_they_wrote()
    {
        var state = Render("ab{% generation %}cd😀{% endgeneration %}e{% for i in range(2) %}{% generation %}{{ i }}{% endgeneration %}{% endfor %}");
        Assert.Equal("abcd😀e01", state.Text);
        Assert.Equal([(2, 6), (7, 8), (8, 9)], state.Generations);
        Assert.False(state.HasLostGeneration);
        Assert.True(Render("{% set a %}{% generation %}x{% endgeneration %}{% endset %}").HasLostGeneration);
    }

    [Fact]
    public void A_template_of_millions_of_characters_is_refused() =>
        Assert.Contains("more than the 1,048,576", Assert.Throws<DecantException>(() => new JinjaTemplate(new string('a', 2_000_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_long_template_is_read_at_once()
    {
        var watch = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(50_000, Text(string.Concat(Enumerable.Repeat("{{ 1 }}", 50_000))).Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed}");
    }

    private static string Text(string source) => Render(source).Text;

    private static RenderState Render(string source) => new JinjaTemplate(source).Render([KeyValuePair.Create("x", (object?)new Sequence([1L]))], () => s_now);
}
