using System.Text;

namespace Decant.Text.Alignment;

/// <summary>A sequence of the student's tokens as the teacher reads its text.</summary>
/// <param name="Ids">The teacher's tokens.</param>
/// <param name="Spans">What both say with whole tokens, in order; the first token of either is in none that is asked about, for nothing stands before it.</param>
/// <param name="Lost">How many of the student's tokens are of parts of texts that did not come back, so that they are in no span.</param>
internal sealed record TranslatedTokens(int[] Ids, IReadOnlyList<TokenSpan> Spans, int Lost);

/// <summary>Puts the text of tokens into the tokens of another tokenizer, and finds which belong together.</summary>
/// <param name="pair">Both vocabularies.</param>
internal sealed class TokenTranslator(VocabularyPair pair)
{
    /// <summary>Both vocabularies.</summary>
    public VocabularyPair Pair => pair;

    /// <summary>Translates a sequence.</summary>
    /// <param name="tokens">The student's.</param>
    /// <param name="begins">Whether they are a text from its beginning, before which the teacher reads the token that begins its texts, where it has one; false: a part of running text.</param>
    public TranslatedTokens Translate(ReadOnlySpan<int> tokens, bool begins)
    {
        var (ids, spans, lost) = (new List<int>(), new List<TokenSpan>(), 0);
        if (begins && TextBoundaries.BeginOfText(pair.Teacher.Tokenizer) is { } first)
            ids.Add(first);
        var isBeginning = begins;
        for (var at = 0; at < tokens.Length;)
        {
            if (IsMark(tokens[at]))
            {
                isBeginning |= AddMark(tokens[at], at, ids, spans);
                at++;
                continue;
            }

            var end = at;
            while (end < tokens.Length && !IsMark(tokens[end])) end++;
            lost += AddText(tokens[at..end], at, isBeginning, isCut: end == tokens.Length, ids, spans);
            (at, isBeginning) = (end, false);
        }

        return new([.. ids], spans, lost);
    }

    private bool IsMark(int token) => token == pair.StudentEnd || pair.Student.Of(token) is null;

    // The end of a text is the same for both; other marks that the teacher has too are passed on, and nothing is compared at them. Whether a text begins behind it.
    private bool AddMark(int token, int at, List<int> ids, List<TokenSpan> spans)
    {
        if (token == pair.StudentEnd)
        {
            if (ids.Count > 0)
                spans.Add(new(at, 1, ids.Count, 1));
            ids.Add(pair.TeacherEnd);
            return true;
        }

        var (own, theirs) = (pair.Student.Tokenizer, pair.Teacher.Tokenizer);
        if (token == own.Special.Bos)
        {
            if (theirs.Special.Bos is { } bos && (ids.Count == 0 || ids[^1] != bos))
                ids.Add(bos);
            return true;
        }

        if (token != own.Special.Unknown && theirs.TokenToId.TryGetValue(own.TokenOf(token), out var same) && pair.Teacher.Of(same) is null)
            ids.Add(same);
        return false;
    }

    private int AddText(ReadOnlySpan<int> tokens, int at, bool isBeginning, bool isCut, List<int> ids, List<TokenSpan> spans)
    {
        // A window may begin and end within a character: those tokens are passed over.
        var (from, to) = (0, tokens.Length);
        while (from < to && pair.Student.Of(tokens[from]) is [>= 0x80 and < 0xC0, ..]) from++;
        while (from < to && Unfinished(pair.Student.Of(tokens[from..to])!) > 0) to--;
        var whole = tokens.Length;
        // Bytes between that are no text, as a student writes them who has learned little, are U+FFFD to the teacher.
        if (from == to || Encoding.UTF8.GetString(pair.Student.Of(tokens[from..to])!) is not { Length: > 0 } text)
            return whole;
        tokens = tokens[from..to];
        // What the student's tokenizer put before the text is no part of it.
        var own = isBeginning && from == 0 && pair.Student.AddsSpace && text.StartsWith(' ') ? 1 : 0;
        var read = text[own..];
        // The teacher's puts a space there itself.
        if (!isBeginning && pair.Teacher.AddsSpace && read.StartsWith(' '))
            read = read[1..];
        var theirs = pair.Teacher.Tokenizer.Encode(read);
        var aligned = new AlignedBytes(Pieces(pair.Student, tokens), Pieces(pair.Teacher, theirs)).Spans();
        foreach (var span in aligned)
        {
            // Before the first token of all nothing stands. A cut-off end may be cut into tokens that the whole text does not have.
            if ((span.Teacher == 0 && ids.Count == 0) || (isCut && span.Student + span.Students == tokens.Length))
                continue;
            spans.Add(span with { Student = span.Student + at + from, Teacher = span.Teacher + ids.Count });
        }

        ids.AddRange(theirs);
        return whole - aligned.Sum(span => span.Students);
    }

    // How many bytes at the end are the beginning of a character.
    private static int Unfinished(ReadOnlySpan<byte> bytes)
    {
        for (var back = 1; back <= Math.Min(3, bytes.Length); back++)
        {
            var one = bytes[^back];
            if (one is >= 0x80 and < 0xC0)
                continue;
            var needed = one switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
            return needed > back ? back : 0;
        }

        return 0;
    }

    private static byte[][] Pieces(TokenBytes vocabulary, ReadOnlySpan<int> tokens)
    {
        var pieces = new byte[tokens.Length][];
        for (var i = 0; i < tokens.Length; i++)
            pieces[i] = vocabulary.Of(tokens[i]) ?? []; // an unknown or special token in a text
        return pieces;
    }
}
