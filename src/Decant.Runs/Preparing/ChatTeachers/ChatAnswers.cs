using Decant.Data;
using Decant.Data.Splitting;
using Decant.Evaluation;
using Decant.Runs.Recipes.Schema;
using Decant.Runs.Reports.Record;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>What a teacher behind an API says of the texts of a run.</summary>
/// <param name="Teacher">Who was asked, for people.</param>
/// <param name="LogitsOf">
/// What it says of a sample: C log probabilities up to a constant and before the temperature, of words W times as many, or the number of a regression; null: it abstained, or was not asked.
/// </param>
/// <param name="Remarks">What was asked, and what came of it, for people.</param>
internal sealed record ChatAnswers(string Teacher, Func<Sample, float[]?> LogitsOf, IReadOnlyList<string> Remarks)
{
    /// <summary>C numbers that stand for an answer where there is none: those of a class or of a word, or the number of a regression.</summary>
    public required float[] Undecided { get; init; }

    /// <summary>What an answer should be, for people, such as <c>a class</c>.</summary>
    public required string Wanted { get; init; }

    /// <summary>A few answers to look at; null: none is known.</summary>
    public TeacherSaid? Look { get; init; }

    /// <summary>τ, by which log probabilities are divided; 1: as they came.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>Whether it writes texts, from which a student learns, and gives no probabilities: then it is not measured.</summary>
    public bool Writes { get; init; }

    /// <summary>The vectors of texts, of a teacher that makes them; null: it makes none.</summary>
    public IReadOnlyDictionary<string, float[]>? Vectors { get; init; }

    /// <summary>D, of <see cref="Vectors"/>.</summary>
    public int Width { get; init; }

    /// <summary>How many texts nothing is known of, for they were not asked about.</summary>
    public int Unasked { get; init; }

    /// <summary>The splits without what the teacher abstained on among the samples that are learned from; all, while nothing was asked.</summary>
    /// <exception cref="DecantException">It abstained on all of them.</exception>
    public DataSplits Learned(DataSplits splits)
    {
        if (Unasked > 0 || Writes || Vectors is not null)
            return splits;
        var train = Answered(splits.Train);
        return train.Count > 0 ? splits with { Train = train } : throw new DecantException($"{splits.Train.Name}: the teacher gave {Wanted} for none of the {splits.Train.Count:N0} texts. Look at what {ChatTeacher.Path} asks: 'decant answers list' names its store.");
    }

    /// <summary>The answers calibrated on labelled samples, where that is asked for and there are enough.</summary>
    /// <param name="section">What the recipe says.</param>
    /// <param name="labelled">Samples of the training split whose labels may be seen.</param>
    public ChatAnswers Calibrated(ChatSection section, Dataset labelled)
    {
        const int Fewest = 20;
        (float[] Logits, int Label)[] rows = [.. Enumerable.Range(0, labelled.Count).Select(i => (Logits: LogitsOf(labelled[i]), Label: labelled.LabelOf(i)))
            .Where(row => row is { Logits: not null, Label: not null }).Select(row => (row.Logits!, row.Label!.Value))];
        if (!section.Calibrate || Unasked > 0)
            return this;
        if (rows.Length < Fewest)
            return this with { Remarks = [.. Remarks, FormattableString.Invariant($"The teacher's probabilities are not calibrated: {rows.Length} labelled training samples are too few (20).")] };
        if (rows.All(r => Array.IndexOf(r.Logits, r.Logits.Max()) == r.Label))
            return this with { Remarks = [.. Remarks, FormattableString.Invariant($"The teacher's probabilities are not calibrated: it is right on all of {rows.Length} labelled training samples, which say nothing of how sure it may be.")] };
        var (temperature, before, after) = TemperatureScaling.Fit([.. rows.Select(r => r.Logits)], [.. rows.Select(r => r.Label)]);
        return this with
        {
            Temperature = temperature,
            Remarks = [.. Remarks, FormattableString.Invariant($"The teacher's probabilities are calibrated on {rows.Length:N0} labelled training samples: temperature {temperature:0.###}, negative log-likelihood {before:0.###} before and {after:0.###} after.")],
        };
    }

    /// <summary>The samples of a split that the teacher gave an answer to.</summary>
    public Dataset Answered(Dataset split)
    {
        int[] kept = [.. Enumerable.Range(0, split.Count).Where(i => LogitsOf(split[i]) is not null)];
        return kept.Length == split.Count ? split : split.Subset(kept);
    }
}
