using System.Globalization;
using Decant.Data.Splitting;
using Decant.Runs.Recipes.Schema;
using Decant.Text;
using Decant.Text.Alignment;

namespace Decant.Runs.Preparing;

/// <summary>A language model as the teacher of a student with another tokenizer: how their tokens meet, looked at before any work.</summary>
internal static class OtherTokens
{
    private const long MostTokens = 1_000_000;
    private const double LeastShare = 0.01;
    private const int MostCharacters = 4_000_000;

    /// <summary>The data with such a teacher; as it is, where both read with one tokenizer.</summary>
    /// <param name="data">The student's.</param>
    /// <param name="documents">Its documents, before they became tokens.</param>
    /// <param name="recipe">A causal language model's.</param>
    /// <param name="own">The teacher's tokenizer; null: it is the student's.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="DecantException">The tokenizers share no part of the texts, or a token that is named does not exist.</exception>
    public static PreparedData With(PreparedData data, DataSplits documents, Recipe recipe, ITokenizer? own, CancellationToken cancellationToken)
    {
        var named = recipe.Teacher?.EndOfText;
        if (own is null)
            return named is null ? data : throw new DecantException("teacher.end-of-text: teacher and student read with one tokenizer, whose token after each text is input.end-of-text; leave it out.");
        var its = recipe with { Input = recipe.Input with { EndOfText = named ?? (recipe.Input.EndOfText is { } ours && own.TokenToId.ContainsKey(ours) ? ours : null) } };
        if (named is not null && !own.TokenToId.ContainsKey(named))
            throw new DecantException($"teacher.end-of-text: the teacher's tokenizer has no token '{named}'; name one of its own, or leave the key out.");
        var student = data.Tokenizer!;
        var pair = new VocabularyPair(
            TokenBytes.Of(student, "The student's tokenizer"), TokenBytes.Of(own, "The teacher's tokenizer"),
            TokenSplits.EndOfText(student, recipe.Input.EndOfText), TokenSplits.EndOfText(own, its.Input.EndOfText));
        var translator = new TokenTranslator(pair);
        var remark = Compared(translator, DataPreparation.Texts(documents.Train).Where(t => t.Length > 0));
        return data.WithTeacher(DataPreparation.With(documents, its, own, TransferSets.None, cancellationToken), translator, remark);
    }

    private static string Compared(TokenTranslator translator, IEnumerable<string> texts)
    {
        var pair = translator.Pair;
        var (tokens, shared, inSpans, spans, read, kept) = (0L, 0L, 0L, 0L, 0, 0);
        var seen = new Dictionary<(int, int), long>();
        foreach (var text in texts.Select(Beginning))
        {
            int[] ids = [pair.StudentEnd, .. pair.Student.Tokenizer.Encode(text), pair.StudentEnd];
            var there = translator.Translate(ids, begins: false);
            foreach (var span in there.Spans)
            {
                var first = (ids[span.Student], there.Ids[span.Teacher]);
                seen[first] = seen.GetValueOrDefault(first) + 1;
                if (span.Student == ids.Length - 1)
                    continue; // the end
                (spans, inSpans) = (spans + 1, inSpans + span.Students);
                shared += span.IsToken ? 1 : 0;
            }

            (tokens, read, kept) = (tokens + ids.Length - 2, read + 1, kept + (pair.Student.Keeps(text) ? 1 : 0));
            if (tokens > MostTokens)
                break;
        }

        if (inSpans < LeastShare * tokens)
            throw new DecantException(
                $"The teacher reads text with a tokenizer of its own ({pair.Teacher.Count:N0} tokens), and of the first {read:N0} training texts {Share(inSpans, tokens)} of the student's tokens are in a part of the text that both " +
                "tokenizers say with whole tokens: they change the text in different ways (lower case, spaces, unknown characters). Take another 'input.tokenizer', such as { kind: byte-bpe }, or the teacher's: remove the key.");
        var map = pair.Map = TokenMap.Of(pair, seen);
        return $"Teacher and student read with different tokenizers ({pair.Teacher.Count:N0} and {pair.Student.Count:N0} tokens, {pair.Shared.Count:N0} of them the same). Of the student's tokens in {(read == 1 ? "one training text" : FormattableString.Invariant($"{read:N0} training texts"))}, " +
            $"{Share(shared, tokens)} are single tokens of the teacher's too, and {Share(inSpans, tokens)} are in {spans:N0} spans that both say with whole tokens. Where a span begins, {(map.IsFromStudent ? "the student's token says which one the teacher has" : "the teacher's token says which one the student has")} in {Share((long)(1e6 * map.Certainty), 1_000_000)} of them." +
            (kept == read ? "" : $" The student's tokenizer changes {Share(read - kept, read)} of the texts, in lower case for example, and the teacher reads what is left of them.");
    }

    // A file of many gigabytes may be one text.
    private static string Beginning(string text) => text.Length <= MostCharacters ? text : text[..(char.IsHighSurrogate(text[MostCharacters - 1]) ? MostCharacters - 1 : MostCharacters)];

    private static string Share(long of, long all) => $"{(100.0 * of / Math.Max(1, all)).ToString("0.0", CultureInfo.InvariantCulture)} %";
}
