namespace Decant.Text.Alignment;

/// <summary>Two vocabularies side by side: which tokens of the one say the same as one of the other, and with which byte each begins.</summary>
internal sealed class VocabularyPair
{
    /// <summary>How many classes <see cref="FirstByte(bool)"/> has: the bytes, the end of a text, and all else.</summary>
    public const int FirstBytes = 258;

    /// <summary>The class of what says nothing.</summary>
    public const int OtherClass = 257;

    private const int EndClass = 256;

    private readonly int[] _studentFirst;
    private readonly int[] _teacherFirst;
    private readonly Dictionary<int, int> _toShared;
    private readonly Dictionary<int, int> _teacherToShared;

    /// <summary>Compares two vocabularies.</summary>
    /// <param name="student">The student's tokens.</param>
    /// <param name="teacher">The teacher's.</param>
    /// <param name="studentEnd">The token after a text in the student's.</param>
    /// <param name="teacherEnd">In the teacher's.</param>
    public VocabularyPair(TokenBytes student, TokenBytes teacher, int studentEnd, int teacherEnd)
    {
        (Student, Teacher, StudentEnd, TeacherEnd) = (student, teacher, studentEnd, teacherEnd);
        (_studentFirst, _teacherFirst) = (Classes(student, studentEnd), Classes(teacher, teacherEnd));
        var theirs = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var id = 0; id < teacher.Count; id++)
            if (id != teacherEnd && teacher.Of(id) is { Length: > 0 } bytes)
                theirs.TryAdd(Key(bytes), id); // of two that say the same, the first
        var shared = new List<(int Student, int Teacher)> { (studentEnd, teacherEnd) };
        for (var id = 0; id < student.Count; id++)
            if (id != studentEnd && student.Of(id) is { Length: > 0 } bytes && theirs.Remove(Key(bytes), out var there))
                shared.Add((id, there));
        Shared = shared;
        _toShared = shared.Index().ToDictionary(s => s.Item.Student, s => s.Index);
        _teacherToShared = shared.Index().ToDictionary(s => s.Item.Teacher, s => s.Index);
    }

    public TokenBytes Student { get; }

    public TokenBytes Teacher { get; }

    /// <summary>What tokens of the one stand for in the other; null: nothing was counted.</summary>
    public TokenMap? Map { get; set; }

    /// <summary>The token after a text in each.</summary>
    public int StudentEnd { get; }

    /// <inheritdoc cref="StudentEnd"/>
    public int TeacherEnd { get; }

    /// <summary>The tokens that say the same, the end of a text first: their ids in both.</summary>
    public IReadOnlyList<(int Student, int Teacher)> Shared { get; }

    /// <summary>The place among <see cref="Shared"/> of a token of the student's; −1: it is none of them.</summary>
    public int SharedOfStudent(int id) => _toShared.GetValueOrDefault(id, -1);

    /// <summary>The same of the teacher's.</summary>
    public int SharedOfTeacher(int id) => _teacherToShared.GetValueOrDefault(id, -1);

    /// <summary>[V] the class of each token: its first byte, 256 for the end of a text, 257 for what says nothing.</summary>
    /// <param name="ofStudent">Of the student's tokens, or of the teacher's.</param>
    public IReadOnlyList<int> FirstByte(bool ofStudent) => ofStudent ? _studentFirst : _teacherFirst;

    private static int[] Classes(TokenBytes tokens, int end) =>
        [.. Enumerable.Range(0, tokens.Count).Select(id => id == end ? EndClass : tokens.Of(id) is [var first, ..] ? first : OtherClass)];

    private static string Key(byte[] bytes) => Convert.ToHexString(bytes);
}
