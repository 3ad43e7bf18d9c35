namespace Decant.Text.Alignment;

/// <summary>
/// The tokens of two tokenizers for one text, laid side by side by their bytes. Where one of them changed the text (an unknown character, a space before a text, several that became one), the bytes go on together as soon as
/// several of them are the same again; what lies between is in no span.
/// </summary>
/// <param name="student">[M] the bytes of each of the student's tokens.</param>
/// <param name="teacher">[N] those of the teacher's.</param>
internal sealed class AlignedBytes(byte[][] student, byte[][] teacher)
{
    // So many bytes that are the same are not so by chance; and so many, of both together, are looked at for them.
    private const int Same = 4, Farthest = 512;

    /// <summary>The spans of the same bytes, in order.</summary>
    public IReadOnlyList<TokenSpan> Spans()
    {
        byte[] own = [.. student.SelectMany(b => b)], theirs = [.. teacher.SelectMany(b => b)];
        // One of them may have a space before the text.
        var (skip, skipTheirs) = (Leads(own, theirs), Leads(theirs, own));
        var common = Common(own.AsSpan(skip), theirs.AsSpan(skipTheirs));
        var spans = TokenSpan.Between(
            Places(student, skip, own.Length - skip, [.. common.Select(c => (c.Own, c.Length))], 1),
            Places(teacher, skipTheirs, theirs.Length - skipTheirs, [.. common.Select(c => (c.Theirs, c.Length))], 2));
        return [.. spans.Where(AreSame)];
    }

    private static int Leads(byte[] one, byte[] other) => one is [(byte)' ', ..] && other is not [(byte)' ', ..] ? 1 : 0;

    // The runs that are the same, in order. Where nothing is found again nearby, the last of them is the text's end as far as it is the same.
    private static List<(int Own, int Theirs, int Length)> Common(ReadOnlySpan<byte> own, ReadOnlySpan<byte> theirs)
    {
        var runs = new List<(int, int, int)>();
        var (a, b) = (0, 0);
        while (true)
        {
            var length = own[a..].CommonPrefixLength(theirs[b..]);
            runs.Add((a, b, length));
            (a, b) = (a + length, b + length);
            if (a == own.Length && b == theirs.Length)
                return runs;
            if (Next(own[a..], theirs[b..]) is not var (more, moreTheirs))
                break;
            (a, b) = (a + more, b + moreTheirs);
        }

        var after = 0;
        while (after < Math.Min(own.Length - a, theirs.Length - b) && own[^(after + 1)] == theirs[^(after + 1)]) after++;
        runs.Add((own.Length - after, theirs.Length - after, after));
        return runs;
    }

    // How far to go on in each until both are the same again: as little as possible, and as evenly. Null: not nearby.
    private static (int Own, int Theirs)? Next(ReadOnlySpan<byte> own, ReadOnlySpan<byte> theirs)
    {
        for (var both = 1; both <= Farthest; both++)
        {
            for (var uneven = both % 2; uneven <= both; uneven += 2)
            {
                var (less, more) = ((both - uneven) / 2, (both + uneven) / 2);
                if (GoesOn(own, theirs, less, more))
                    return (less, more);
                if (GoesOn(own, theirs, more, less))
                    return (more, less);
            }
        }

        return null;
    }

    private static bool GoesOn(ReadOnlySpan<byte> own, ReadOnlySpan<byte> theirs, int at, int there) =>
        own.Length - at >= Same && theirs.Length - there >= Same && own.Slice(at, Same).SequenceEqual(theirs.Slice(there, Same));

    // Equal where both end at the same place of a run; between runs never. The end of the one run and the beginning of the next are two places, though one of the texts has nothing between them.
    private static int[] Places(byte[][] pieces, int skip, int length, (int At, int Length)[] runs, int mark)
    {
        var places = new int[pieces.Length];
        var (end, run, place) = (-skip, 0, 0);
        for (var i = 0; i < pieces.Length; i++)
        {
            end += pieces[i].Length;
            while (run + 1 < runs.Length && (end >= runs[run + 1].At + (runs[run].At + runs[run].Length == runs[run + 1].At ? 1 : 0) || end == length))
                (place, run) = (place + runs[run].Length + 1, run + 1);
            var within = end - runs[run].At;
            places[i] = within <= runs[run].Length ? 4 * (place + within) : (4 * (place + runs[run].Length)) + mark;
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
