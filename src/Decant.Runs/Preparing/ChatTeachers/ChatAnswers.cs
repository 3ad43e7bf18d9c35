using Decant.Data;
using Decant.Data.Splitting;
using Decant.Evaluation;
using Decant.Runs.Recipes.Schema;
using Decant.Teachers.Remote.Classifying;

namespace Decant.Runs.Preparing.ChatTeachers;

/// <summary>What a teacher behind an API says of the texts of a run.</summary>
/// <param name="Teacher">Who was asked, for people.</param>
/// <param name="ByText">Its answer to each text that it was asked about.</param>
/// <param name="Remarks">What was asked, and what came of it, for people.</param>
internal sealed record ChatAnswers(string Teacher, IReadOnlyDictionary<string, ChatClassification> ByText, IReadOnlyList<string> Remarks)
{
    private const double Least = 1e-6; // of a class that was not among the tokens: not known, and not impossible

    /// <summary>τ, by which log probabilities are divided; 1: as they came.</summary>
    public double Temperature { get; init; } = 1;

    /// <summary>How many texts nothing is known of, for they were not asked about.</summary>
    public int Unasked { get; init; }

    /// <summary>The splits without what the teacher abstained on among the samples that are learned from; all, while nothing was asked.</summary>
    /// <exception cref="DecantException">It abstained on all of them.</exception>
    public DataSplits Learned(DataSplits splits)
    {
        if (Unasked > 0)
            return splits;
        var train = Answered(splits.Train);
        return train.Count > 0 ? splits with { Train = train } : throw new DecantException($"{splits.Train.Name}: the teacher gave a class for none of the {splits.Train.Count:N0} texts. Look at the instruction and the classes of teacher.chat: 'decant answers list' names its store.");
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

    /// <summary>Whether the teacher gave probabilities of a sample.</summary>
    public bool Has(Sample sample) => Of(sample) is { Probabilities: not null };

    /// <summary>C log probabilities of a sample, up to a constant, before the temperature; null: the teacher abstained, or was not asked.</summary>
    public float[]? LogitsOf(Sample sample) => Of(sample)?.Probabilities is { } p ? Array.ConvertAll(p, x => (float)Math.Log(x + Least)) : null;

    /// <summary>The samples of a split that the teacher gave probabilities of.</summary>
    public Dataset Answered(Dataset split)
    {
        int[] kept = [.. Enumerable.Range(0, split.Count).Where(i => Has(split[i]))];
        return kept.Length == split.Count ? split : split.Subset(kept);
    }

    /// <summary>The text of a sample.</summary>
    public static string TextOf(Sample sample) => ((TextContent)sample.Content).Text;

    private ChatClassification? Of(Sample sample) => ByText.GetValueOrDefault(TextOf(sample));
}
