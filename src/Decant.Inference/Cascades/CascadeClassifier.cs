namespace Decant.Inference.Cascades;

/// <summary>Asks the teacher for the class of a text.</summary>
/// <param name="text">The text.</param>
/// <param name="cancellationToken">Gives up.</param>
/// <returns>One of the classes of the policy.</returns>
public delegate Task<string> AskTeacher(string text, CancellationToken cancellationToken);

/// <summary>The answer of a cascade.</summary>
/// <param name="Label">The class.</param>
/// <param name="IsLocal">Whether it is the student's.</param>
/// <param name="Confidence">The student's confidence, 0 to 1.</param>
/// <param name="StudentLabel">What the student says, whether taken or not.</param>
public sealed record CascadeAnswer(string Label, bool IsLocal, double Confidence, string StudentLabel);

/// <summary>Classifies texts with a student where its confidence allows, and with the teacher elsewhere. Safe to use from several threads.</summary>
/// <remarks>The student stays the caller's; requests in flight are to end before it is disposed.</remarks>
public sealed class CascadeClassifier
{
    private const int MostShadowed = 4;

    private readonly Func<string, Classification> _student;
    private readonly HashSet<string> _classes;
    private readonly AskTeacher _teacher;
    private int _shadowing;

    /// <summary>A cascade.</summary>
    /// <param name="student">The student, with the classes of the policy in their order.</param>
    /// <param name="policy">When its answer is taken.</param>
    /// <param name="teacher">Is asked otherwise.</param>
    /// <param name="teacherClasses">The classes that the teacher answers with, in any order.</param>
    /// <exception cref="DecantException">Student, teacher and policy have other classes.</exception>
    public CascadeClassifier(TextClassifier student, CascadePolicy policy, AskTeacher teacher, IReadOnlyList<string> teacherClasses)
        : this((student ?? throw new ArgumentNullException(nameof(student))).Labels, text => student.Classify(text), policy, teacher, teacherClasses)
    {
    }

    /// <summary>A cascade with any student.</summary>
    /// <param name="labels">The student's classes, in the order of <see cref="Classification.Probabilities"/>.</param>
    /// <param name="student">Classifies a text.</param>
    /// <inheritdoc cref="CascadeClassifier(TextClassifier, CascadePolicy, AskTeacher, IReadOnlyList{string})"/>
    /// <param name="policy">When its answer is taken.</param>
    /// <param name="teacher">Is asked otherwise.</param>
    /// <param name="teacherClasses">The classes that the teacher answers with, in any order.</param>
    public CascadeClassifier(IReadOnlyList<string> labels, Func<string, Classification> student, CascadePolicy policy, AskTeacher teacher, IReadOnlyList<string> teacherClasses)
    {
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentNullException.ThrowIfNull(student);
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(teacher);
        ArgumentNullException.ThrowIfNull(teacherClasses);
        Require("student", labels, "policy", policy.Identity.Classes);
        Require("teacher", teacherClasses, "student", labels);
        (_student, _teacher, Policy, _classes) = (student, teacher, policy, [.. labels]);
    }

    /// <summary>When the student's answer is taken.</summary>
    public CascadePolicy Policy { get; }

    /// <summary>Watches requests and agreement; null, the default: nothing does.</summary>
    public DriftMonitor? Monitor { get; init; }

    /// <summary>
    /// Keeps a share of the requests, and has the teacher answer those of them that the student answered, beside the request and four at a time at most; null, the default: nothing is kept.
    /// </summary>
    public ShadowLog? Shadow { get; init; }

    /// <summary>Classifies a text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Gives up waiting for the teacher.</param>
    /// <exception cref="DecantException">The text is blank, or the teacher answered with another class; what the teacher throws is passed on.</exception>
    public async Task<CascadeAnswer> ClassifyAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        var student = _student(text);
        var confidence = Confidences.Of(Policy.Score, student.Probabilities);
        Monitor?.Observe(confidence, text.Length);
        var isKept = Shadow?.Draw() is true;
        if (Policy.IsLocal(confidence))
        {
            if (isKept && Enters())
                _ = Task.Run(() => ShadowAsync(text, student.Label, confidence), CancellationToken.None);
            return new(student.Label, true, confidence, student.Label);
        }

        var label = await AskAsync(text, cancellationToken).ConfigureAwait(false);
        if (isKept)
            Shadow!.Keep(new(text, label, student.Label, confidence, false));
        return new(label, false, confidence, student.Label);
    }

    private bool Enters()
    {
        if (Interlocked.Increment(ref _shadowing) <= MostShadowed)
            return true;
        Interlocked.Decrement(ref _shadowing);
        return false;
    }

    private async Task<string> AskAsync(string text, CancellationToken cancellationToken)
    {
        var label = await _teacher(text, cancellationToken).ConfigureAwait(false);
        return _classes.Contains(label) ? label
            : throw new DecantException($"The teacher {Policy.Identity.Teacher} answered '{label}', which is none of the {_classes.Count} classes ({string.Join(", ", _classes.Take(5))}): ask it for one of them.");
    }

    private async Task ShadowAsync(string text, string student, double confidence)
    {
        try
        {
            var label = await AskAsync(text, CancellationToken.None).ConfigureAwait(false);
            Shadow!.Keep(new(text, label, student, confidence, true));
            Monitor?.ObserveAgreement(label == student);
        }
        catch (Exception fault)
        {
            // the request was answered long ago: whatever fails here is counted
            Shadow!.Count(fault);
        }
        finally
        {
            Interlocked.Decrement(ref _shadowing);
        }
    }

    private static void Require(string who, IReadOnlyList<string> its, string other, IReadOnlyList<string> expected)
    {
        var same = who == "teacher" ? its.Count == expected.Count && its.ToHashSet().SetEquals(expected) : its.SequenceEqual(expected);
        if (!same)
            throw new DecantException($"Cascade: expected the {who} to have the classes of the {other}, {Names(expected)}, came {Names(its)}{Differing(its, expected)}. Choose the policy again for these two, or rename the classes.");
    }

    private static string Differing(IReadOnlyList<string> its, IReadOnlyList<string> expected)
    {
        var (more, fewer) = (its.Except(expected).ToArray(), expected.Except(its).ToArray());
        return more.Length + fewer.Length == 0 ? ", in another order" : $": {string.Join("; ", new[] { more.Length > 0 ? $"more are {Names(more)}" : "", fewer.Length > 0 ? $"missing are {Names(fewer)}" : "" }.Where(w => w.Length > 0))}";
    }

    private static string Names(IReadOnlyList<string> names) => $"{string.Join(", ", names.Take(8))}{(names.Count > 8 ? ", …" : "")} ({names.Count})";
}
