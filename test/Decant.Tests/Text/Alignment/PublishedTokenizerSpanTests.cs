using Decant.Text;
using Decant.Text.Alignment;
using Decant.Text.Files;

namespace Decant.Tests.Text.Alignment;

/// <summary>Published tokenizers, pair by pair, on hard texts.</summary>
public sealed class PublishedTokenizerSpanTests
{
    public static TheoryData<string, string> Pairs
    {
        get
        {
            string[] folders = ["tokenizers/gpt2", "tokenizers/roberta-base", "tokenizers/tinyllama", "checkpoints/stories260K/hf"];
            return [.. folders.SelectMany(a => folders.Where(b => b != a).Select(b => (a, b)))];
        }
    }

    [Theory]
    [MemberData(nameof(Pairs))]
    public void Every_span_is_the_same_bytes_for_both_and_nothing_is_lost_between_spans(string student, string teacher)
    {
        var (own, theirs) = (TokenizerFile.Load(TestData.Need(student)), TokenizerFile.Load(TestData.Need(teacher)));
        var translator = new TokenTranslator(new(TokenBytes.Of(own, "student"), TokenBytes.Of(theirs, "teacher"), TextBoundaries.EndOfText(own), TextBoundaries.EndOfText(theirs)));
        var (tokens, inSpans) = (0, 0);
        foreach (var text in HardTexts.Some(400).Concat(MadeUp.Texts).Where(t => t.Length > 0))
        {
            int[] ids = [translator.Pair.StudentEnd, .. own.Encode(text), translator.Pair.StudentEnd];
            foreach (var begins in new[] { false, true })
            {
                var there = translator.Translate(ids, begins);
                Assert.All(there.Spans.Zip(there.Spans.Skip(1)), pair => Assert.True(pair.First.Student + pair.First.Students <= pair.Second.Student && pair.First.Teacher + pair.First.Teachers <= pair.Second.Teacher));
                foreach (var span in there.Spans)
                {
                    var (a, b) = (translator.Pair.Student.Of(ids.AsSpan(span.Student, span.Students)), translator.Pair.Teacher.Of(there.Ids.AsSpan(span.Teacher, span.Teachers)));
                    Assert.Equal(a is null, b is null); // the end of a text
                    if (a is not null)
                        Assert.True(a.AsSpan().SequenceEqual(b), $"{Convert.ToHexString(a)} against {Convert.ToHexString(b!)} in '{text}'");
                }

                if (begins)
                    continue;
                inSpans += there.Spans.Sum(s => s.Students);
                tokens += ids.Length;
            }
        }

        Assert.InRange((double)inSpans / tokens, 0.5, 1);
    }
}
