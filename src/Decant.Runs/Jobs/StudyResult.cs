using Decant.Runs.Reports.View;

namespace Decant.Runs.Jobs;

/// <summary>What a study found.</summary>
internal sealed record StudyResult
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>What it asks.</summary>
    public required string About { get; init; }

    /// <summary>The seeds that every variant ran with.</summary>
    public required IReadOnlyList<long> Seeds { get; init; }

    /// <summary>What models are measured by: the task's headline, such as <c>accuracy</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>The teacher's figure; null: it cannot be measured.</summary>
    public Figure? Teacher { get; init; }

    /// <summary>What the students are compared with: <c>control</c>, or where the recipe has none <c>untrained</c>; null: neither is there.</summary>
    public string? Reference { get; init; }

    /// <summary>The figures of the control and the baselines, by arm, such as <c>all-labels</c>; those of a variant with another student as <c>control, NAME</c>. Empty where there are none.</summary>
    public IReadOnlyDictionary<string, Figure> Baselines { get; init; } = new Dictionary<string, Figure>();

    /// <summary>The confidence of the intervals; 1 less this is the chance that a column has a wrong mark.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>What must be known of the test split or of teacher and control beside their figures, a sentence each; empty where there is nothing.</summary>
    public IReadOnlyList<string> Remarks { get; init; } = [];

    /// <summary>The variants, in the study's order.</summary>
    public required IReadOnlyList<StudyRow> Rows { get; init; }

    /// <summary>What teacher and students take, of the first seed: one for each, or where students were exported one for each of their files.</summary>
    public IReadOnlyList<StudySize> Sizes { get; init; } = [];

    /// <summary>Whether sizes are worth a table: students differ in them, or were exported.</summary>
    internal bool HasSizes => Sizes.Any(s => s.Form is not null) || Sizes.Where(s => s.IsStudent).Select(s => s.Parameters).Distinct().Count() > 1;
}

/// <summary>What a model takes, and how good it is so.</summary>
/// <param name="Name">The variant, or <c>teacher</c>.</param>
/// <param name="IsStudent">Whether it is the student of a variant.</param>
/// <param name="Parameters">Parameters.</param>
/// <param name="Form">The form of the ONNX file; null: there is none, and the rest is of the model itself.</param>
/// <param name="Bytes">Bytes of the file, or of the weights.</param>
/// <param name="Score">The study's metric on the test split, of the first seed.</param>
/// <param name="Milliseconds">The median time of one sample, in ONNX Runtime with one thread, or in libtorch; null: it was not measured.</param>
internal sealed record StudySize(string Name, bool IsStudent, long Parameters, string? Form, long Bytes, double Score, double? Milliseconds);

/// <summary>What became of one variant.</summary>
internal sealed record StudyRow
{
    /// <summary>The variant's name.</summary>
    public required string Name { get; init; }

    /// <summary>Its student's figure over the seeds.</summary>
    public required Figure Figure { get; init; }

    /// <summary>The figure as people read it.</summary>
    public required string Text { get; init; }

    /// <summary>Student − <see cref="StudyResult.Reference"/> of the same student, paired over seeds and test samples; null where there is none.</summary>
    public StudyDifference? AgainstControl { get; init; }

    /// <summary>Student − the first variant's student; null for the first.</summary>
    public StudyDifference? AgainstFirst { get; init; }

    /// <summary>How long its student was trained, seconds, the mean over the seeds; what else ran on the machine is in it.</summary>
    public required double TrainingSeconds { get; init; }
}

/// <summary>A difference with its interval and its mark.</summary>
/// <param name="Difference">In the metric's unit.</param>
/// <param name="Low">The interval's lower end; of this comparison alone, not adjusted for the others.</param>
/// <param name="High">Its upper end.</param>
/// <param name="PValue">The two-sided p-value that belongs to the interval.</param>
/// <param name="AdjustedPValue">The same adjusted for the comparisons of its column (<see cref="Decant.Evaluation.Holm"/>).</param>
/// <param name="Verdict">By <paramref name="AdjustedPValue"/>: <c>helped</c>, <c>no-difference</c> or <c>hurt</c>; with one seed <c>better</c>, <c>no-difference</c> or <c>worse</c>.</param>
/// <param name="Text">As people read it: "+2.5 (+1.1 to +3.9)".</param>
internal sealed record StudyDifference(double Difference, double Low, double High, double PValue, double AdjustedPValue, string Verdict, string Text);
