namespace Decant.Text.Alignment;

/// <summary>
/// The tokens of two tokenizers for one text, laid side by side by their bytes: from the beginning as far as the bytes are the same, and from the end. What one of them changed (an unknown character, a space before a text or behind
/// a special token) lies between, in no span.
/// </summary>
/// <param name="student">[M] the bytes of each of the student's tokens.</param>
/// <param name="teacher">[N] those of the teacher's.</param>
internal sealed class AlignedBytes(byte[][] student, byte[][] teacher)
{
    /// <summary>The spans of the same bytes, in order.</summary>
    public IReadOnlyList<TokenSpan> Spans()
    {
        byte[] own = [.. student.SelectMany(b => b)], theirs = [.. teacher.SelectMany(b => b)];
        // One of them may have a space before the text.
        var (skip, skipTheirs) = (Leads(own, theirs), Leads(theirs, own));
        ReadOnlySpan<byte> a = own.AsSpan(skip), b = theirs.AsSpan(skipTheirs);
        var before = a.CommonPrefixLength(b);
        var after = 0;
        while (after < Math.Min(a.Length, b.Length) - before && a[^(after + 1)] == b[^(after + 1)]) after++;
        var spans = TokenSpan.Between(Places(student, skip, a.Length, before, after, 1), Places(teacher, skipTheirs, b.Length, before, after, 2));
        return [.. spans.Where(AreSame)];
    }

    private static int Leads(byte[] one, byte[] other) => one is [(byte)' ', ..] && other is not [(byte)' ', ..] ? 1 : 0;

    // Equal where both end at the same place; between what is the same at the beginning and at the end never equal.
    private static int[] Places(byte[][] pieces, int skip, int length, int before, int after, int mark)
    {
        var places = new int[pieces.Length];
        var end = -skip;
        for (var i = 0; i < pieces.Length; i++)
        {
            end += pieces[i].Length;
            places[i] = end <= before ? 4 * end : length - end <= after ? 4 * (before + 1 + after - (length - end)) : (4 * before) + mark;
        }

        return places;
    }

    // Not where a token has no bytes, nor where one of them has a space before the text that the other has not: its first token is chosen among other texts.
    private bool AreSame(TokenSpan span) =>
        Part(student, span.Student, span.Students) is { } own && Part(teacher, span.Teacher, span.Teachers) is { } theirs && own.AsSpan().SequenceEqual(theirs);

    private static byte[]? Part(byte[][] pieces, int first, int count)
    {
        var part = pieces[first..(first + count)];
        return Array.TrueForAll(part, p => p.Length > 0) ? [.. part.SelectMany(b => b)] : null;
    }
}
