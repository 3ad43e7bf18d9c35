using Decant.Text.Alignment;

namespace Decant.Tests.Text.Alignment;

public sealed class AlignedBytesTests
{
    [Theory]
    [InlineData("a|b|c", "a|bc", "0:1=0:1 1:2=1:1")]
    [InlineData("the| | |cat sat", "the| |cat sat", "0:1=0:1 1:1=1:1")]                              // what is behind the spaces begins at another place in each
    [InlineData("one| two|X| three| four| five", "one| two|YY| three| four| five", "0:1=0:1 1:1=1:1 3:1=3:1 4:1=4:1 5:1=5:1")]
    [InlineData("one| two|X| three|X| four", "one| two| three| four", "0:1=0:1 1:1=1:1")]            // the last is not known apart from what was left out before it
    [InlineData("abcd| efgh| Z", "abcd| efgh| Y", "0:1=0:1 1:1=1:1")]
    [InlineData("Q| abcd| efgh", "R| abcd| efgh", "1:1=1:1 2:1=2:1")]
    [InlineData(" ab|cdef", "ab|cdef", "1:1=1:1")]                                                   // a space before the one
    [InlineData("abc", "xyz", "")]
    public void Worked_by_hand(string student, string teacher, string expected) => Assert.Equal(expected, Shown(Spans(student.Split('|'), teacher.Split('|'))));

    [Fact]
    public void Whatever_is_changed_in_a_text_spans_are_the_same_bytes_in_order_and_changes_far_apart_cost_what_is_near_them()
    {
        var random = new Random(5);
        for (var trial = 0; trial < 300; trial++)
        {
            var text = string.Concat(Enumerable.Range(0, 300).Select(_ => (char)('a' + random.Next(26))));
            var changed = new List<(int At, int Length)>();
            for (var at = random.Next(5, 60); at < 280; at += random.Next(40, 90)) changed.Add((at, random.Next(1, 6)));
            var other = text;
            foreach (var (at, length) in changed.AsEnumerable().Reverse()) // one to five letters become none to three others
                other = other[..at] + string.Concat(Enumerable.Range(0, random.Next(4)).Select(_ => (char)('A' + random.Next(26)))) + other[(at + length)..];
            string[] own = Cut(text, random), theirs = Cut(other, random);
            var spans = Spans(own, theirs);
            var (lastOwn, lastTheirs) = (0, 0);
            foreach (var span in spans)
            {
                Assert.True(span.Student >= lastOwn && span.Teacher >= lastTheirs && span is { Students: > 0, Teachers: > 0 });
                Assert.Equal(string.Concat(own.Skip(span.Student).Take(span.Students)), string.Concat(theirs.Skip(span.Teacher).Take(span.Teachers)));
                (lastOwn, lastTheirs) = (span.Student + span.Students, span.Teacher + span.Teachers);
            }

            var inSpans = spans.Sum(span => own.Skip(span.Student).Take(span.Students).Sum(piece => piece.Length));
            Assert.True(inSpans > 300 - (changed.Count * 30) - 10, $"{inSpans} with {changed.Count} changes in '{text}' and '{other}'");
        }
    }

    private static IReadOnlyList<TokenSpan> Spans(string[] own, string[] theirs) => new AlignedBytes([.. own.Select(Bytes)], [.. theirs.Select(Bytes)]).Spans();

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string[] Cut(string text, Random random)
    {
        var pieces = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var length = Math.Min(random.Next(1, 4), text.Length - at);
            pieces.Add(text.Substring(at, length));
            at += length;
        }

        return [.. pieces];
    }

    private static string Shown(IEnumerable<TokenSpan> spans) => string.Join(" ", spans.Select(s => $"{s.Student}:{s.Students}={s.Teacher}:{s.Teachers}"));
}
