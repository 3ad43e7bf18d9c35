namespace Decant.Runs.Planning;

/// <summary>A step of a run: one piece of work that is done, skipped or resumed as a whole.</summary>
/// <param name="Id">Its name in the plan, such as <c>seed-1/student</c>; no two steps have the same.</param>
internal abstract record RunStep(string Id)
{
    /// <summary>The seed that it belongs to; null: to all of them.</summary>
    public long? Seed { get; init; }

    /// <summary>The task of several that it is about; null: the run as a whole.</summary>
    public string? Task { get; init; }

    /// <summary>The steps that must be done before it.</summary>
    public IReadOnlyList<string> After { get; init; } = [];

    /// <summary>The models that it works with: they are in memory while it is done.</summary>
    public IReadOnlyList<ModelKey> Uses { get; init; } = [];

    /// <summary>The steps with teachers' answers that it learns from: these are kept until the last step that does.</summary>
    public IReadOnlyList<string> LearnsFrom { get; init; } = [];

    /// <summary>The files that it leaves, relative to the run's folder; no two steps leave the same.</summary>
    public IReadOnlyList<string> Leaves { get; init; } = [];

    /// <summary>What it does, in a few words, such as <c>train the student</c>.</summary>
    public abstract string Words { get; }

    /// <summary>The id of a step.</summary>
    /// <param name="seed">Its seed; null: of all.</param>
    /// <param name="task">Its task; null: of all.</param>
    /// <param name="name">What it is about.</param>
    public static string IdOf(long? seed, string? task, string name) => string.Join('/', new[] { seed is { } number ? FormattableString.Invariant($"seed-{number}") : null, task, name }.OfType<string>());
}

/// <summary>A model of a run.</summary>
/// <param name="Task">The task of several that it is for; null: the run as a whole.</param>
/// <param name="Arm">Its arm, such as <c>student</c>.</param>
/// <param name="Seed">The seed that it is made with.</param>
internal readonly record struct ModelKey(string? Task, string Arm, long Seed)
{
    public override string ToString() => RunStep.IdOf(Seed, Task, Arm);
}
