using System.Globalization;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>How the cores are shared between a student and its teacher.</summary>
/// <remarks>The same split gives the same student, bit for bit; another one may differ in the last bits, for sums are taken in another order.</remarks>
/// <param name="Student">The threads that the student's operators use; 1 or more.</param>
/// <param name="Teacher">The threads of the teacher, which answers ahead while the student learns; 0: they work in turn, both on the student's threads.</param>
public sealed record CoreSplit(int Student, int Teacher = 0)
{
    /// <summary>Whether teacher and student work at the same time.</summary>
    public bool IsOverlapped => Teacher > 0;

    /// <summary>Reads <c>2</c> (in turn, on two threads) or <c>1+1</c> (student + teacher, at the same time).</summary>
    /// <returns>Null when it is neither.</returns>
    public static CoreSplit? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('+');
        if (parts.Length > 2 || !Read(parts[0], out var student))
            return null;
        if (parts.Length == 1)
            return new CoreSplit(student);
        return Read(parts[1], out var teacher) ? new CoreSplit(student, teacher) : null;
    }

    /// <summary>Makes the calling thread, and the BLAS of the process, calculate as the student does, until disposed.</summary>
    public IDisposable Take() => new Taken(this);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() => IsOverlapped ? string.Create(CultureInfo.InvariantCulture, $"{Student}+{Teacher}") : Student.ToString(CultureInfo.InvariantCulture);

    private static bool Read(string text, out int threads) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out threads) && threads is >= 1 and <= 1024;

    private sealed class Taken : IDisposable
    {
        private readonly int _before = Runtime.Threads;

        public Taken(CoreSplit split)
        {
            Runtime.Threads = Math.Max(split.Student, split.Teacher);
            Runtime.UseThreadsHere(split.Student);
        }

        public void Dispose()
        {
            Runtime.UseThreadsHere(0);
            Runtime.Threads = _before;
        }
    }
}
