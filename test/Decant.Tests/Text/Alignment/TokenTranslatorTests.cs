using System.Text;
using Decant.Text;
using Decant.Text.Alignment;
using Decant.Text.Training;

namespace Decant.Tests.Text.Alignment;

public sealed class TokenTranslatorTests
{
    [Fact]
    public void Tokens_put_together_are_the_text()
    {
        foreach (var tokenizer in new[] { MadeUp.ByteBpe(300), MadeUp.ByteBpe(420), MadeUp.Unigram() })
        {
            var bytes = TokenBytes.Of(tokenizer, "it");
            Assert.Equal(tokenizer.Encode("ab")[0] is var first && tokenizer.TokenOf(first).StartsWith('▁'), bytes.AddsSpace);
            Assert.All(MadeUp.Texts[..1], text => Assert.True(bytes.Keeps(text), text));
            Assert.Null(bytes.Of(tokenizer.Special.Separator ?? tokenizer.Special.Eos!.Value));
        }

        Assert.All(MadeUp.Texts, text => Assert.True(TokenBytes.Of(MadeUp.ByteBpe(420), "it").Keeps(text), text));
        Assert.False(TokenBytes.Of(MadeUp.ByteBpe(420, lowerCase: true), "it").Keeps(MadeUp.Texts[0]));
    }

    [Fact]
    public void A_tokenizer_that_loses_spaces_is_refused_with_its_name()
    {
        var error = Assert.Throws<DecantException>(() => TokenBytes.Of(new WordPieceOptions { Vocabulary = 300 }.Train(MadeUp.Texts), "The student's tokenizer"));
        Assert.Contains("The student's tokenizer: expected a tokenizer whose tokens put together are the text", error.Message);
        Assert.Contains("WordPiece", error.Message);
    }

    [Fact]
    public void Every_part_of_a_text_is_the_same_bytes_for_both()
    {
        ITokenizer[] all = [MadeUp.ByteBpe(290), MadeUp.ByteBpe(420), MadeUp.Unigram()];
        foreach (var (student, teacher) in all.SelectMany(s => all.Select(t => (s, t))))
        {
            var translator = MadeUp.Translator(student, teacher);
            int[] tokens = [translator.Pair.StudentEnd, .. student.Encode(MadeUp.Texts[0]), translator.Pair.StudentEnd, .. student.Encode(MadeUp.Texts[1][2..]), translator.Pair.StudentEnd];
            var there = translator.Translate(tokens, begins: false);
            Assert.Equal([translator.Pair.TeacherEnd, .. teacher.Encode(MadeUp.Texts[0]), translator.Pair.TeacherEnd, .. teacher.Encode(MadeUp.Texts[1][2..]), translator.Pair.TeacherEnd], there.Ids);
            Assert.NotEmpty(there.Spans);
            foreach (var span in there.Spans)
                Assert.Equal(Said(translator.Pair.Student, tokens.AsSpan(span.Student, span.Students)), Said(translator.Pair.Teacher, there.Ids.AsSpan(span.Teacher, span.Teachers)));
            if (student == teacher)
                Assert.All(there.Spans, span => Assert.True(span.IsToken));
        }
    }

    [Fact]
    public void A_window_that_begins_and_ends_within_a_character_keeps_what_is_whole()
    {
        var (student, teacher) = (MadeUp.ByteBpe(270), MadeUp.ByteBpe(420)); // the one has little more than bytes
        var translator = MadeUp.Translator(student, teacher);
        var tokens = student.Encode(MadeUp.Texts[2]);
        for (var from = 0; from < 12; from++)
        {
            for (var to = from + 1; to < 40; to++)
            {
                var there = translator.Translate(tokens.AsSpan(from, to - from), begins: false);
                foreach (var span in there.Spans)
                    Assert.Equal(Said(translator.Pair.Student, tokens.AsSpan(from + span.Student, span.Students)), Said(translator.Pair.Teacher, there.Ids.AsSpan(span.Teacher, span.Teachers)));
                // What is cut off may have other tokens in the whole text: neither its first nor its last part is compared.
                Assert.All(there.Spans, span => Assert.True(span.Student > 0 && span.Student + span.Students < to - from));
            }
        }
    }

    [Fact]
    public void A_space_that_one_of_them_puts_before_a_text_is_no_part_of_it()
    {
        var (spaced, plain) = (MadeUp.Unigram(), MadeUp.ByteBpe(420));
        foreach (var (student, teacher) in new[] { (spaced, plain), (plain, spaced) })
        {
            var translator = MadeUp.Translator(student, teacher);
            var there = translator.Translate([translator.Pair.StudentEnd, .. student.Encode("the little cat"), translator.Pair.StudentEnd], begins: false);
            Assert.Equal([translator.Pair.TeacherEnd, .. teacher.Encode("the little cat"), translator.Pair.TeacherEnd], there.Ids);
            // Where the text begins the one may say " the" and the other "the": the first part is not compared, the others are, and the end.
            Assert.DoesNotContain(there.Spans, span => span.Student == 1);
            Assert.Equal(there.Ids.Length - 1, there.Spans[^1].Teacher);
        }
    }

    [Fact]
    public void A_text_begins_with_the_token_that_the_teacher_begins_texts_with()
    {
        var (student, teacher) = (MadeUp.ByteBpe(300), MadeUp.Unigram());
        var translator = MadeUp.Translator(student, teacher);
        var begun = translator.Translate(student.Encode("a cat"), begins: true);
        Assert.Equal(TextBoundaries.BeginOfText(teacher) is { } begin ? [begin, .. teacher.Encode("a cat")] : teacher.Encode("a cat"), begun.Ids);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_lost_and_counted_and_the_text_around_them_is_not()
    {
        var (student, teacher) = (MadeUp.ByteBpe(270), MadeUp.ByteBpe(420));
        var translator = MadeUp.Translator(student, teacher);
        var cat = student.Encode("猫")[..1];
        int[] broken = [translator.Pair.StudentEnd, .. student.Encode("there was a cat"), .. cat, .. student.Encode(" and other cats"), translator.Pair.StudentEnd, .. student.Encode("the cat"), translator.Pair.StudentEnd];
        var there = translator.Translate(broken, begins: false);
        Assert.Equal([translator.Pair.TeacherEnd, .. teacher.Encode("there was a cat\uFFFD and other cats"), translator.Pair.TeacherEnd, .. teacher.Encode("the cat"), translator.Pair.TeacherEnd], there.Ids);
        Assert.Equal(cat.Length, there.Lost);
        Assert.DoesNotContain(there.Spans, span => span.Student <= student.Encode("there was a cat").Length + 1 && span.Student + span.Students > student.Encode("there was a cat").Length + 1);
        Assert.All(there.Spans, span => Assert.Equal(Said(translator.Pair.Student, broken.AsSpan(span.Student, span.Students)), Said(translator.Pair.Teacher, there.Ids.AsSpan(span.Teacher, span.Teachers))));
    }

    [Fact]
    public void What_one_tokenizer_changes_is_in_no_span_and_the_text_between_is()
    {
        var (student, teacher) = (MadeUp.ByteBpe(300), MadeUp.ByteBpe(420, lowerCase: true));
        var translator = MadeUp.Translator(student, teacher);
        int[] tokens = [translator.Pair.StudentEnd, .. student.Encode("The little cat liked Lily there. Then the other cats liked Tim. The end came."), translator.Pair.StudentEnd];
        var there = translator.Translate(tokens, begins: false);
        Assert.All(there.Spans, span => Assert.Equal(Said(translator.Pair.Student, tokens.AsSpan(span.Student, span.Students)), Said(translator.Pair.Teacher, there.Ids.AsSpan(span.Teacher, span.Teachers))));
        var covered = there.Spans.SelectMany(span => Enumerable.Range(span.Student, span.Students)).ToHashSet();
        Assert.All(Enumerable.Range(1, tokens.Length - 1).Where(i => !covered.Contains(i)), i => Assert.True(
            Enumerable.Range(Math.Max(1, i - 2), Math.Min(5, tokens.Length - 1 - Math.Max(1, i - 2))).Any(j => translator.Pair.Student.Of(tokens[j])!.Any(b => b is >= (byte)'A' and <= (byte)'Z')), $"token {i}"));
        Assert.True(covered.Count > 0.6 * tokens.Length, $"{covered.Count} of {tokens.Length}");
    }

    [Fact]
    public void Tokens_that_are_not_seen_stand_for_the_longest_that_they_begin_with()
    {
        var (student, teacher) = (MadeUp.ByteBpe(420), MadeUp.ByteBpe(300));
        var pair = MadeUp.Translator(student, teacher).Pair;
        var map = TokenMap.Of(pair, new Dictionary<(int, int), long> { [(300, 70)] = 3, [(300, 71)] = 1 });
        Assert.True(map.IsFromStudent || map.Certainty == 1);
        var shares = map.From.Zip(map.To, map.Shares).ToLookup(e => e.First);
        var from = map.IsFromStudent ? pair.Student : pair.Teacher;
        Assert.All(shares, token => Assert.Equal(1, token.Sum(e => e.Third), 1e-6));
        foreach (var token in shares.Where(t => from.Of((int)t.Key) is { Length: > 0 } && t.Key is not (300 or 70 or 71)))
        {
            var (own, target) = (from.Of((int)token.Key)!, (map.IsFromStudent ? pair.Teacher : pair.Student).Of((int)token.Single().Second)!);
            Assert.Equal(own[..target.Length], target);
        }
    }

    private static string Said(TokenBytes vocabulary, ReadOnlySpan<int> tokens) =>
        tokens.Length == 1 && vocabulary.Of(tokens[0]) is null ? "the end" : Convert.ToHexString(vocabulary.Of(tokens)!);
}
