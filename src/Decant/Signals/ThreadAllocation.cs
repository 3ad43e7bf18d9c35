using System.Globalization;
using System.Text.RegularExpressions;
using Decant.Torch;

namespace Decant.Signals;

/// <summary>How the cores are shared between a student and its teacher.</summary>
/// <remarks>The same split gives the same student, bit for bit; another one may differ in the last bits, for sums are taken in another order.</remarks>
/// <param name="Student">The threads that the student's operators use; 1 or more.</param>
/// <param name="Teacher">The threads of the teacher, which answers ahead while the student learns; 0: they work in turn, both on the student's threads.</param>
/// <param name="Products">
/// The threads of matrix products, where they have a pool of their own (OpenBLAS with pthreads); 0: as many as operators. More than those pays where the
/// products are large and everything else is too small to share.
/// </param>
internal sealed partial record ThreadAllocation(int Student, int Teacher = 0, int Products = 0)
{
    /// <summary>Whether teacher and student work at the same time.</summary>
    public bool IsOverlapped => Teacher > 0;

    /// <summary>How many threads calculate at the same time at most.</summary>
    public int Total => Math.Max(Student + Teacher, Products);

    /// <summary>
    /// Reads <c>2</c> (in turn, on two threads), <c>1/2</c> (in turn, operators on one thread and matrix products on two) or <c>1+1</c> (student + teacher,
    /// at the same time).
    /// </summary>
    /// <returns>Null when it is none of these.</returns>
    public static ThreadAllocation? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (Form().Match(text) is not { Success: true } match)
            return null;
        return new ThreadAllocation(Number("student"), Number("teacher"), Number("products"));

        int Number(string group) => match.Groups[group] is { Success: true } found ? int.Parse(found.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Makes the calling thread, and the BLAS of the process, calculate as the student does, until disposed.</summary>
    public IDisposable Take() => new Taken(this);

    /// <summary>As <see cref="Parse"/> reads it.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Student}") + (Teacher, Products) switch
        {
            ( > 0, _) => string.Create(CultureInfo.InvariantCulture, $"+{Teacher}"),
            (_, > 0) => string.Create(CultureInfo.InvariantCulture, $"/{Products}"),
            _ => "",
        };

    [GeneratedRegex(@"^(?<student>[1-9][0-9]{0,2})(\+(?<teacher>[1-9][0-9]{0,2})|/(?<products>[1-9][0-9]{0,2}))?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Form();

    private sealed class Taken : IDisposable
    {
        private readonly int _before = Runtime.Threads;

        public Taken(ThreadAllocation split)
        {
            Runtime.Threads = split.Products > 0 ? split.Products : Math.Max(split.Student, split.Teacher);
            Runtime.UseThreadsHere(split.Student);
        }

        public void Dispose()
        {
            Runtime.UseThreadsHere(0);
            Runtime.Threads = _before;
        }
    }
}
